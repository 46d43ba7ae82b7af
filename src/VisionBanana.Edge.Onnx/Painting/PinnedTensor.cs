using Microsoft.ML.OnnxRuntime;

namespace VisionBanana.Edge.Onnx.Painting;

/// <summary>A tensor whose values live in pinned managed memory, where both sides read and write without a copy.</summary>
/// <typeparam name="T">Its element type.</typeparam>
internal sealed class PinnedTensor<T> : IDisposable
    where T : unmanaged
{
    private readonly T[] _values;
    private readonly int _length;

    /// <param name="shape">Its dimensions.</param>
    /// <param name="padding">Elements behind the tensor that may be read by whole vectors.</param>
    public PinnedTensor(ReadOnlySpan<long> shape, int padding = 0)
    {
        long length = 1;
        foreach (long dimension in shape)
        {
            length = checked(length * dimension);
        }

        _length = checked((int)length);
        _values = GC.AllocateArray<T>(_length + padding, pinned: true);
        Value = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, _values.AsMemory(0, _length), shape.ToArray());
    }

    /// <summary>What is bound to the session.</summary>
    public OrtValue Value { get; }

    /// <summary>The values.</summary>
    public Span<T> Span => _values.AsSpan(0, _length);

    /// <summary>The values and the padding behind them.</summary>
    public Span<T> Padded => _values;

    public void Dispose() => Value.Dispose();
}
