using Microsoft.ML.OnnxRuntime;

namespace VisionBanana.Edge.Onnx.Painting;

/// <summary>A tensor whose values the program reads and writes in place; <see cref="TensorMemory"/> says where they live.</summary>
/// <typeparam name="T">Its element type.</typeparam>
internal sealed class PinnedTensor<T> : BoundTensor
    where T : unmanaged
{
    private readonly T[]? _values;
    private readonly int _length;

    /// <summary>A tensor in pinned managed memory.</summary>
    /// <param name="memory">Where it is.</param>
    /// <param name="values">The values and padding behind them.</param>
    /// <param name="length">How many of them belong to the tensor.</param>
    /// <param name="host">The tensor on these values.</param>
    /// <param name="device">Its copy on a device, or null.</param>
    internal PinnedTensor(TensorMemory memory, T[] values, int length, OrtValue host, OrtValue? device)
        : base(memory, host, device)
    {
        _values = values;
        _length = length;
    }

    /// <summary>A tensor in memory that a device reads without a detour (page-locked).</summary>
    internal PinnedTensor(TensorMemory memory, OrtValue host, OrtValue device)
        : base(memory, host, device) => _length = host.GetTensorDataAsSpan<T>().Length;

    /// <summary>The values, open for writing: what is written reaches the device with the next run.</summary>
    public Span<T> Span
    {
        get
        {
            Version++;
            return _values is null ? Value.GetTensorMutableDataAsSpan<T>() : _values.AsSpan(0, _length);
        }
    }

    /// <summary>The values and the padding behind them.</summary>
    public Span<T> Padded => _values;
}
