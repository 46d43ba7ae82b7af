using VisionBanana.Edge.Commands;
using VisionBanana.Edge.Diagnostics;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Messages;

namespace VisionBanana.Edge.Pipeline;

/// <summary>
/// The whole way: camera → queue → perceive → encode once → one bounded queue per sink. Files wait for it, live cameras keep
/// the latest. Runs once. The law captured = published + Σ dropped + in flight holds per sink at any moment.
/// </summary>
public sealed class PerceptionPipeline
{
    private const int FileQueueCapacity = 2;

    private readonly PipelineParts _parts;
    private readonly SinkQueue[] _sinks;
    private readonly MessageEncoder _encoder;
    private readonly SteadyState _steady;
    private readonly PipelineControls _controls;
    private readonly long _startNs;

    /// <summary>Puts the parts together; nothing runs yet.</summary>
    public PerceptionPipeline(PipelineParts parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        _parts = parts;
        _steady = new SteadyState(parts.Clock);
        _controls = new PipelineControls(parts);
        foreach (ICommandTransport transport in parts.Transports.OfType<ICommandTransport>())
        {
            transport.Attach(_controls);
        }

        _startNs = CaptureTime.MonotonicNow(parts.Clock);
        _sinks = [.. parts.Transports.Select(t => new SinkQueue(t, parts.Ledger.Open(t.Name), parts.Sinks, parts.Latencies, parts.Clock, parts.Logger))];

        // Every sink may hold a full queue and one in sending, and one is being encoded: never exhausted, never more.
        _encoder = new MessageEncoder(parts.Streams with { PoolCapacity = (_sinks.Length * (parts.Sinks.Capacity + 1)) + 1 }, parts.Images);
    }

    /// <summary>Pauses, resumes and changes what is asked while the pipeline runs; the same that transports with commands use.</summary>
    public ICommandHandler Commands => _controls;

    /// <summary>How the run stands.</summary>
    public PipelineReport Report() => new(
        _parts.Ledger.Snapshot(),
        _steady.Count,
        _steady.FramesPerSecond,
        _parts.Latencies.ToList(),
        _steady.AllocatedBytesPerFrame,
        TimeSpan.FromTicks((CaptureTime.MonotonicNow(_parts.Clock) - _startNs) / 100));

    /// <summary>
    /// Runs until the source ends, <see cref="PipelineParts.MaxFrames"/> is reached or it is cancelled (which is no error),
    /// then flushes the sinks and closes the transports.
    /// </summary>
    /// <exception cref="TransportException">A transport could not be opened.</exception>
    /// <exception cref="CameraException">The source is gone for good.</exception>
    /// <exception cref="InferenceException">The model is gone for good.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await OpenTransportsAsync(cancellationToken).ConfigureAwait(false);
        foreach (SinkQueue sink in _sinks)
        {
            sink.Start();
        }

        using var ended = new CancellationTokenSource();
        Task diagnostics = ReportDiagnosticsAsync(ended.Token);
        try
        {
            await PerceiveAllAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            await ended.CancelAsync().ConfigureAwait(false);
            await diagnostics.ConfigureAwait(false);
            await Task.WhenAll(_sinks.Select(s => s.DisposeAsync().AsTask())).ConfigureAwait(false);
        }
    }

    private async Task OpenTransportsAsync(CancellationToken cancellationToken)
    {
        try
        {
            foreach (IMessageTransport transport in _parts.Transports)
            {
                await transport.StartAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        catch
        {
            foreach (IMessageTransport transport in _parts.Transports)
            {
                await transport.DisposeAsync().ConfigureAwait(false);
            }

            throw;
        }
    }

    private async Task PerceiveAllAsync(CancellationToken cancellationToken)
    {
        IObservable<CameraFrame> pictures = _parts.Source.Frames;
        if (_parts.MaxFrames is { } max)
        {
            pictures = pictures.StopAfter(max, _parts.Ledger);
        }

        pictures = _parts.Source.IsLive
            ? pictures.KeepLatest(_parts.Ledger, _parts.Logger)
            : pictures.KeepAll(FileQueueCapacity, _parts.Ledger, _parts.Logger);

        // Behind the queue, so that a pause holds from the picture that is being painted now.
        pictures = _controls.Gate.Apply(pictures, hold: !_parts.Source.IsLive, _parts.Ledger);
        IObservable<PerceptionFrame> percepts = _parts.Overlap
            ? pictures.PerceiveOverlapped(_parts.Perceiver, keepLatest: _parts.Source.IsLive, _parts.Ledger, _parts.Logger)
            : pictures.Perceive(_parts.Perceiver, _parts.Ledger);
        var publisher = new Publisher(this);
        try
        {
            using (percepts.Subscribe(publisher))
            using (cancellationToken.Register(publisher.OnCompleted))
            {
                await publisher.Completion.ConfigureAwait(false);
            }
        }
        finally
        {
            await DrainAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Waits until every picture that was captured before the end found its fate, at most five seconds.</summary>
    private async Task DrainAsync()
    {
        for (int i = 0; i < 500 && _parts.Ledger.OnTheWay > 0; i++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), _parts.Clock, CancellationToken.None).ConfigureAwait(false);
        }
    }

    private async Task ReportDiagnosticsAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), _parts.Clock);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false))
            {
                WireMessage message = PipelineDiagnostics.Create(_parts, Report(), _controls.State.IsPaused);
                foreach (SinkQueue sink in _sinks)
                {
                    sink.Post(message);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The run ended.
        }
    }

    private void Publish(PerceptionFrame frame)
    {
        long start = CaptureTime.MonotonicNow(_parts.Clock);
        if (!_encoder.TryEncode(frame, out EncodedFrame? encoded))
        {
            _parts.Ledger.Dropped(DropReason.PoolExhausted);
            return;
        }

        using (encoded)
        {
            _parts.Latencies.Lap("encode", start, _parts.Clock);
            _steady.Tick();
            _parts.Ledger.HandedToSinks();
            foreach (SinkQueue sink in _sinks)
            {
                sink.Offer(encoded);
            }
        }
    }

    private sealed class Publisher(PerceptionPipeline pipeline) : IObserver<PerceptionFrame>
    {
        private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Completion => _completion.Task;

        public void OnNext(PerceptionFrame value) => pipeline.Publish(value);

        public void OnError(Exception error) => _completion.TrySetException(error);

        public void OnCompleted() => _completion.TrySetResult();
    }
}
