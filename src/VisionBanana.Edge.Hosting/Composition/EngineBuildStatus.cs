using System.Globalization;
using VisionBanana.Edge.Messages;
using VisionBanana.Edge.Messages.Ros;
using VisionBanana.Edge.Onnx.Engines;
using VisionBanana.Edge.Onnx.Execution;

namespace VisionBanana.Edge.Hosting.Composition;

/// <summary>
/// Publishes <c>BuildingEngine</c> on the diagnostics stream once a second while an engine is built: a robot that starts says why there are
/// no pictures yet. The transports are opened for the first message, and left alone when nothing is built.
/// </summary>
internal sealed class EngineBuildStatus : IProgress<EngineBuildProgress>
{
    /// <summary>The state, in the message of the pipeline's diagnostic status.</summary>
    public const string BuildingEngine = "BuildingEngine";

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly string _device;
    private readonly IProgress<EngineBuildProgress>? _also;
    private readonly TimeProvider _clock;
    private readonly List<EarlyTransport> _transports;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private EngineBuildProgress? _latest;
    private Task? _publishing;

    /// <param name="device">The hardware id of the message.</param>
    /// <param name="transports">Where to; they become this object's, see <see cref="Transports"/>.</param>
    /// <param name="also">Told too, for people.</param>
    /// <param name="clock">The clock of the period and the stamps.</param>
    public EngineBuildStatus(string device, IEnumerable<IMessageTransport> transports, IProgress<EngineBuildProgress>? also, TimeProvider? clock = null)
    {
        _device = device;
        _also = also;
        _clock = clock ?? TimeProvider.System;
        _transports = [.. transports.Select(t => new EarlyTransport(t, EndAsync))];
    }

    /// <summary>The same transports, for the pipeline: opening them there ends the status.</summary>
    public IEnumerable<IMessageTransport> Transports => _transports;

    public void Report(EngineBuildProgress value)
    {
        _also?.Report(value);
        lock (_gate)
        {
            _latest = value;
            _publishing ??= Task.Run(PublishAsync);
        }
    }

    /// <summary>Ends publishing; nothing is sent by this object after that.</summary>
    public async Task EndAsync()
    {
        _ended.TrySetResult();
        if (_publishing is { } publishing)
        {
            await publishing.ConfigureAwait(false);
        }
    }

    /// <summary>Ends publishing and closes the transports: there will be no pipeline.</summary>
    public async Task AbandonAsync()
    {
        await EndAsync().ConfigureAwait(false);
        foreach (EarlyTransport transport in _transports)
        {
            await transport.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async Task PublishAsync()
    {
        var open = new List<EarlyTransport>();
        foreach (EarlyTransport transport in _transports)
        {
            try
            {
                await transport.StartEarlyAsync(CancellationToken.None).ConfigureAwait(false);
                open.Add(transport);
            }
            catch (VisionBananaException)
            {
                // The pipeline opens it too and tells then.
            }
        }

        while (!_ended.Task.IsCompleted)
        {
            foreach (EarlyTransport transport in open)
            {
                await transport.SendAsync(Message(_latest!), CancellationToken.None).ConfigureAwait(false);
            }

            await Task.WhenAny(_ended.Task, Task.Delay(Period, _clock)).ConfigureAwait(false);
        }
    }

    private WireMessage Message(EngineBuildProgress progress) => DiagnosticsMessage.Create(
        (_clock.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * 100,
        DiagnosticsMessage.Status(
            "vbedge: pipeline", DiagnosticLevel.Warn, BuildingEngine, _device,
            ("model", progress.Model),
            ("provider", progress.Provider.Name()),
            ("precision", progress.Precision),
            ("phase", progress.Phase.ToString()),
            ("elapsed_s", progress.Elapsed.TotalSeconds.ToString("0", CultureInfo.InvariantCulture)),
            ("expected_s", progress.Expected?.TotalSeconds.ToString("0", CultureInfo.InvariantCulture) ?? "unknown")));
}
