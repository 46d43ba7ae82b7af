using Microsoft.ML.OnnxRuntime;

namespace VisionBanana.Edge.Onnx.Painting;

/// <summary>The tensors bound to one way of running a graph: before a run what changed goes up, after it the outputs come down.</summary>
internal sealed class GraphBinding(OrtIoBinding? native, TensorMemory memory) : IDisposable
{
    private readonly List<Input> _inputs = [];
    private readonly List<OrtValue> _deviceOutputs = [];
    private readonly List<OrtValue> _outputs = [];

    /// <summary>What the session runs with, between <see cref="Upload"/> and <see cref="Download"/>; null where a server runs the graph.</summary>
    public OrtIoBinding? Native => native;

    /// <summary>What was bound as input.</summary>
    public List<(string Name, BoundTensor Tensor)> BoundInputs { get; } = [];

    /// <summary>What was bound as output.</summary>
    public List<(string Name, BoundTensor Tensor)> BoundOutputs { get; } = [];

    /// <summary>Binds an input; the tensor stays the caller's.</summary>
    public void BindInput(string name, BoundTensor tensor)
    {
        BoundInputs.Add((name, tensor));
        native?.BindInput(name, tensor.DeviceValue);
        _inputs.Add(new Input(name, tensor) { Bound = memory.Rebinds ? 0 : long.MaxValue });
    }

    /// <summary>Binds an output; the tensor stays the caller's.</summary>
    public void BindOutput(string name, BoundTensor tensor)
    {
        BoundOutputs.Add((name, tensor));
        native?.BindOutput(name, tensor.DeviceValue);
        if (!tensor.IsShared)
        {
            _deviceOutputs.Add(tensor.DeviceValue);
            _outputs.Add(tensor.Value);
        }
    }

    /// <summary>Brings to the device what the inputs hold now.</summary>
    public void Upload()
    {
        foreach (Input input in _inputs)
        {
            input.Tensor.Upload();
            if (input.Bound < input.Tensor.Version)
            {
                native?.BindInput(input.Name, input.Tensor.Value);
                input.Bound = input.Tensor.Version;
            }
        }

        native?.SynchronizeBoundInputs();
    }

    /// <summary>Brings back what a run left in the outputs.</summary>
    public void Download()
    {
        native?.SynchronizeBoundOutputs();
        if (_outputs.Count > 0)
        {
            memory.Copy(_deviceOutputs, _outputs);
        }
    }

    public void Dispose() => native?.Dispose();

    private sealed class Input(string name, BoundTensor tensor)
    {
        public string Name => name;

        public BoundTensor Tensor => tensor;

        /// <summary>The version that was bound last; none is newer where nothing need be bound again.</summary>
        public long Bound { get; set; }
    }
}
