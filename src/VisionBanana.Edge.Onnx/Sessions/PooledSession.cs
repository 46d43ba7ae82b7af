using System.Globalization;
using Microsoft.ML.OnnxRuntime;
using VisionBanana.Edge.Onnx.Engines;
using VisionBanana.Edge.Onnx.Execution;

namespace VisionBanana.Edge.Onnx.Sessions;

/// <summary>
/// A session that painters of the same model share, and the way to run it: one run at a time on a device, whichever models run there.
/// Two networks at once on a GPU or on the same cores only slow each other down and make every latency unpredictable.
/// </summary>
internal sealed class PooledSession : IDisposable
{
    /// <summary>Plain monitors: a <see cref="Lock"/> allocates when a thread first has to wait for it, in the middle of a robot's run.</summary>
    private static readonly Dictionary<string, object> Devices = new(StringComparer.Ordinal);

    /// <summary>Bindings of different shapes that one model has at most; each has a CUDA graph of its own.</summary>
    private const int MostShapes = 8;

    private readonly object _device;
    private readonly RunOptions[] _options = new RunOptions[MostShapes];
    private readonly RunOptions _uncaptured = NeverCaptured();

    /// <param name="session">Becomes this object's.</param>
    /// <param name="provider">What runs it.</param>
    /// <param name="options">The device, and whether runs are recorded as CUDA graphs.</param>
    /// <param name="description">How it runs, in words.</param>
    public PooledSession(InferenceSession session, ExecutionProvider provider, ExecutionOptions options, string description)
    {
        Session = session;
        Provider = provider;
        DeviceId = options.DeviceId;
        Description = description;
        string device = provider == ExecutionProvider.Cpu ? "cpu" : FormattableString.Invariant($"gpu{options.DeviceId}");
        lock (Devices)
        {
            _device = Devices.TryGetValue(device, out object? known) ? known : Devices[device] = new object();
        }

        for (int shape = 0; shape < MostShapes; shape++)
        {
            _options[shape] = new RunOptions();
            if (provider == ExecutionProvider.TensorRt && options.TensorRt.CudaGraph)
            {
                // A graph is replayed as it was recorded, without a look at the shapes.
                _options[shape].AddRunConfigEntry("gpu_graph_id", shape.ToString(CultureInfo.InvariantCulture));
            }
        }
    }

    /// <summary>For everything but running.</summary>
    public InferenceSession Session { get; }

    public ExecutionProvider Provider { get; }

    /// <summary>The GPU, where it runs on one.</summary>
    public int DeviceId { get; }

    public string Description { get; }

    /// <summary>
    /// False while tensors do not keep their addresses: a CUDA graph is recorded in the first run and replayed on the addresses of that run.
    /// Without CUDA graphs it changes nothing.
    /// </summary>
    public bool CapturesGraphs { get; set; } = true;

    /// <summary>Whether it gives the model's answers; null = that was not asked.</summary>
    public ParityVerdict? Verdict { get; set; }

    /// <summary>How often it ran.</summary>
    public long Runs { get; private set; }

    /// <summary>Runs it on bound tensors when the device is free. Allocates nothing.</summary>
    /// <param name="binding">The tensors.</param>
    /// <param name="shape">A number of its own for each binding whose shapes differ, from 0 to 7.</param>
    public void Run(OrtIoBinding binding, int shape)
    {
        lock (_device)
        {
            Session.RunWithBinding(CapturesGraphs ? _options[shape] : _uncaptured, binding);
            Runs++;
        }
    }

    /// <summary>Runs it once on tensors that are not bound, to see what it answers with.</summary>
    public IDisposableReadOnlyCollection<OrtValue> RunOnce(IReadOnlyCollection<string> inputs, IReadOnlyCollection<OrtValue> values,
        IReadOnlyCollection<string> outputs)
    {
        lock (_device)
        {
            return Session.Run(_uncaptured, inputs, values, outputs);
        }
    }

    /// <summary>Ends a run that does not end by itself; later runs fail too.</summary>
    public void Terminate()
    {
        _uncaptured.Terminate = true;
        foreach (RunOptions options in _options)
        {
            options.Terminate = true;
        }
    }

    /// <summary>Options of a run that is never recorded as a CUDA graph.</summary>
    private static RunOptions NeverCaptured()
    {
        var options = new RunOptions();
        options.AddRunConfigEntry("gpu_graph_id", "-1");
        return options;
    }

    public void Dispose()
    {
        _uncaptured.Dispose();
        foreach (RunOptions options in _options)
        {
            options.Dispose();
        }

        Session.Dispose();
    }
}
