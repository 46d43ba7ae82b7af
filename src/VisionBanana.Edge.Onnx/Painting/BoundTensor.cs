using Microsoft.ML.OnnxRuntime;

namespace VisionBanana.Edge.Onnx.Painting;

/// <summary>A tensor with a side that the program reads and writes and a side that the session does; they are one where the device shares memory.</summary>
internal abstract class BoundTensor : IDisposable
{
    private readonly TensorMemory _memory;
    private readonly OrtValue[] _host;
    private readonly OrtValue[] _device;
    private long _copied;

    /// <param name="memory">Copies between the sides.</param>
    /// <param name="host">In memory of the program.</param>
    /// <param name="device">In memory of the device; null = it reads the program's.</param>
    protected BoundTensor(TensorMemory memory, OrtValue host, OrtValue? device)
    {
        _memory = memory;
        _host = [host];
        _device = [device ?? host];
    }

    /// <summary>The program's side.</summary>
    public OrtValue Value => _host[0];

    /// <summary>The session's side.</summary>
    public OrtValue DeviceValue => _device[0];

    /// <summary>Counts how often the values were open for writing.</summary>
    public long Version { get; protected set; } = 1;

    /// <summary>True when both sides are one.</summary>
    public bool IsShared => ReferenceEquals(_host[0], _device[0]);

    /// <summary>Copies to the device what may have changed since the last time.</summary>
    public void Upload()
    {
        if (!IsShared && _copied != Version)
        {
            _memory.Copy(_host, _device);
            _copied = Version;
        }
    }

    public virtual void Dispose()
    {
        if (!IsShared)
        {
            _device[0].Dispose();
        }

        _host[0].Dispose();
    }
}
