using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using VisionBanana.Edge.Onnx.Execution;
using VisionBanana.Edge.Onnx.Sessions;

namespace VisionBanana.Edge.Onnx.Painting;

/// <summary>
/// Where the tensors of a session live and how their values travel.
/// <list type="bullet">
/// <item>Processor: the session works on the program's pinned memory; nothing is copied.</item>
/// <item>GPU: tensors are allocated once on the device and stay at their address (CUDA graphs need that); what changed is copied up before a run
/// and the outputs down after it, through page-locked memory.</item>
/// <item>A GPU whose copies cannot be called from here: inputs that changed are bound anew before each run, which makes ONNX Runtime copy them.</item>
/// </list>
/// </summary>
internal sealed class TensorMemory : IDisposable
{
    private readonly OrtMemoryInfo? _deviceInfo;
    private readonly OrtMemoryInfo? _pinnedInfo;
    private readonly OrtAllocator? _device;
    private readonly OrtAllocator? _pinned;

    private TensorMemory(bool rebinds) => Rebinds = rebinds;

    private TensorMemory(InferenceSession session, OrtMemoryInfo device, OrtMemoryInfo? pinned)
    {
        _deviceInfo = device;
        _pinnedInfo = pinned;
        _device = new OrtAllocator(session, device);
        _pinned = pinned is null ? null : new OrtAllocator(session, pinned);
    }

    /// <summary>The program's memory is the session's.</summary>
    public static TensorMemory Shared() => new(rebinds: false);

    /// <summary>Inputs are bound anew when they changed.</summary>
    public static TensorMemory Rebound() => new(rebinds: true);

    /// <summary>Tensors of the session apart from those of the program, on the processor: the way of a GPU, for machines without one.</summary>
    public static TensorMemory Apart(InferenceSession session) =>
        new(session, new OrtMemoryInfo(OrtMemoryInfo.allocatorCPU, OrtAllocatorType.ArenaAllocator, 0, OrtMemType.Default), null);

    /// <summary>True when inputs that changed must be bound again before a run.</summary>
    public bool Rebinds { get; }

    /// <summary>The memory for a session on a provider, tried with one tensor before it is trusted.</summary>
    public static TensorMemory For(PooledSession pooled)
    {
        if (pooled.Provider == ExecutionProvider.Cpu)
        {
            return Shared();
        }

        TensorMemory? memory = null;
        try
        {
            CudaCopies.Register();
            memory = new TensorMemory(
                pooled.Session,
                new OrtMemoryInfo(OrtMemoryInfo.allocatorCUDA, OrtAllocatorType.DeviceAllocator, pooled.DeviceId, OrtMemType.Default),
                new OrtMemoryInfo(OrtMemoryInfo.allocatorCUDA_PINNED, OrtAllocatorType.DeviceAllocator, pooled.DeviceId, OrtMemType.CpuOutput));
            memory.Prove();
            return memory;
        }
        catch (Exception e) when (ProviderFailure.IsExpected(e) || e is InferenceException)
        {
            memory?.Dispose();

            // ONNX Runtime copies to places of its own choice then.
            pooled.CapturesGraphs = false;
            return Rebound();
        }
    }

    /// <summary>Makes a tensor, zero at first.</summary>
    /// <param name="shape">Its dimensions.</param>
    /// <param name="padding">Elements behind the tensor that may be read by whole vectors; the tensor is in managed memory then.</param>
    public PinnedTensor<T> Create<T>(ReadOnlySpan<long> shape, int padding = 0)
        where T : unmanaged
    {
        long length = 1;
        foreach (long dimension in shape)
        {
            length = checked(length * dimension);
        }

        long[] dimensions = shape.ToArray();
        OrtValue? device = _device is null ? null : OrtValue.CreateAllocatedTensorValue(_device, TensorElement<T>(), dimensions);
        if (_pinned is not null && padding == 0)
        {
            var locked = OrtValue.CreateAllocatedTensorValue(_pinned, TensorElement<T>(), dimensions);
            locked.GetTensorMutableDataAsSpan<T>().Clear();
            return new PinnedTensor<T>(this, locked, device!);
        }

        T[] values = GC.AllocateArray<T>(checked((int)length + padding), pinned: true);
        var host = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, values.AsMemory(0, (int)length), dimensions);
        return new PinnedTensor<T>(this, values, (int)length, host, device);
    }

    /// <summary>Copies tensors to those at the same places, of the same shapes, between the program and the device.</summary>
    public void Copy(IReadOnlyList<OrtValue> from, IReadOnlyList<OrtValue> to)
    {
        if (_pinned is not null)
        {
            OrtEnv.Instance().CopyTensors(from, to, null);
            return;
        }

        // The processor as its own device, for which ONNX Runtime has no copies.
        for (int i = 0; i < from.Count; i++)
        {
            from[i].GetTensorMutableRawData().CopyTo(to[i].GetTensorMutableRawData());
        }
    }

    public void Dispose()
    {
        _device?.Dispose();
        _pinned?.Dispose();
        _deviceInfo?.Dispose();
        _pinnedInfo?.Dispose();
    }

    /// <summary>Sends numbers to the device and back.</summary>
    private void Prove()
    {
        using PinnedTensor<float> tensor = Create<float>([16]);
        for (int i = 0; i < 16; i++)
        {
            tensor.Span[i] = i + 0.5f;
        }

        tensor.Upload();
        tensor.Span.Clear();
        Copy([tensor.DeviceValue], [tensor.Value]);
        for (int i = 0; i < 16; i++)
        {
            if (tensor.Span[i] != i + 0.5f)
            {
                throw new InferenceException("Numbers that were copied to the device and back are not the same.");
            }
        }
    }

    private static TensorElementType TensorElement<T>() =>
        typeof(T) == typeof(float) ? TensorElementType.Float
        : typeof(T) == typeof(long) ? TensorElementType.Int64
        : throw new NotSupportedException($"Expected float or long, found {typeof(T).Name}.");
}
