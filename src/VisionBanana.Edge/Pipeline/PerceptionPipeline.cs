using VisionBanana.Edge.Diagnostics;
using VisionBanana.Edge.Messages;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Pipeline;

/// <summary>
/// The whole way: camera → queue → perceive → encode once → one bounded queue per transport, and the newest frame for each percept sink. Files wait for it, live cameras keep
/// the latest. Runs once. The law captured = published + Σ dropped + in flight holds per sink at any moment.
/// </summary>
public sealed class PerceptionPipeline
{
    private const int FileQueueCapacity = 2;
    private const int MaxJoined = 4;

    private readonly PipelineParts _parts;
    private readonly PerceptQueue[] _percepts;
    private readonly int _transportsAtStart;

    // Hand-over to the sinks and a change of their number are each one step: the books of a sink begin with the first picture it is offered.
    private readonly Lock _handOver = new();
    private readonly List<Func<string>> _states;
    private SinkQueue[] _sinks;
    private bool _isRunning;
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
        foreach (ICommandTransport transport in ((IEnumerable<object>)parts.Transports).Concat(parts.PerceptSinks).OfType<ICommandTransport>())
        {
            transport.Attach(_controls);
        }

        _startNs = CaptureTime.MonotonicNow(parts.Clock);
        _sinks = [.. parts.Transports.Select(Open)];
        _transportsAtStart = _sinks.Length;
        _percepts = [.. parts.PerceptSinks.Select(p => new PerceptQueue(p, parts.Ledger.Open(p.Name), parts.Sinks, parts.Latencies, parts.Clock, parts.Logger))];
        _states = [.. parts.Transports.Select(t => (Func<string>)(() => t.State)), .. parts.PerceptSinks.Select(p => (Func<string>)(() => p.State))];

        // Every sink may hold a full queue and one in sending, and one is being encoded: never exhausted, never more.
        int capacity = ((_sinks.Length + MaxJoined) * (parts.Sinks.Capacity + 1)) + 1;
        _encoder = new MessageEncoder(parts.Streams with { PoolCapacity = capacity }, parts.Images);
    }

    /// <summary>Pauses, resumes and changes what is asked while the pipeline runs; the same that transports with commands use.</summary>
    public ICommandHandler Commands => _controls;

    /// <summary>How the run stands.</summary>
    public PipelineReport Report()
    {
        IReadOnlyList<SinkFlow> sinks;
        string[] states;
        lock (_handOver)
        {
            sinks = _parts.Ledger.Snapshot();
            states = [.. _states.Select(s => s())];
        }

        return new PipelineReport(
            sinks,
            states,
            _steady.Count,
            _steady.FramesPerSecond,
            _parts.Latencies.ToList(),
            _steady.AllocatedBytesPerFrame,
            TimeSpan.FromTicks((CaptureTime.MonotonicNow(_parts.Clock) - _startNs) / 100));
    }

    /// <summary>Opens one more transport while the pipeline runs, from the next picture on; its books begin there. Closed at the end like the others.</summary>
    /// <exception cref="TransportException">It cannot be opened.</exception>
    /// <exception cref="InvalidOperationException">The pipeline does not run, or too many joined already. The transport is closed then.</exception>
    public async Task AddTransportAsync(IMessageTransport transport, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(transport);
        string? refused;
        try
        {
            await transport.StartAsync(cancellationToken).ConfigureAwait(false);
            refused = TryJoin(transport);
        }
        catch
        {
            await transport.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        if (refused is not null)
        {
            await transport.DisposeAsync().ConfigureAwait(false);
            throw new InvalidOperationException(refused);
        }
    }

    /// <summary>Takes a transport out while the pipeline runs: what waits for it is still sent, then it is closed. Its books stay in the report. False when it is not there.</summary>
    public async Task<bool> RemoveTransportAsync(IMessageTransport transport)
    {
        ArgumentNullException.ThrowIfNull(transport);
        SinkQueue? sink;
        lock (_handOver)
        {
            sink = _isRunning ? Array.Find(_sinks, s => s.Transport == transport) : null;
            if (sink is null)
            {
                return false;
            }

            _sinks = [.. _sinks.Where(s => s != sink)];
            _parts.Ledger.Close(sink.Counter);
        }

        await sink.DisposeAsync().ConfigureAwait(false);
        return true;
    }

    /// <summary>
    /// Runs until the source ends, <see cref="PipelineParts.MaxFrames"/> is reached or it is cancelled (which is no error),
    /// then flushes the sinks and closes the transports.
    /// </summary>
    /// <exception cref="TransportException">A transport could not be opened.</exception>
    /// <exception cref="CameraException">The source is gone for good.</exception>
    /// <exception cref="InferenceException">The model is gone for good.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await OpenSinksAsync(cancellationToken).ConfigureAwait(false);
        lock (_handOver)
        {
            Array.ForEach(_sinks, s => s.Start());
            Array.ForEach(_percepts, p => p.Start());
            _isRunning = true;
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
            SinkQueue[] sinks;
            lock (_handOver)
            {
                _isRunning = false;
                sinks = _sinks;
            }

            await Task.WhenAll([.. sinks.Select(s => s.DisposeAsync().AsTask()), .. _percepts.Select(p => p.DisposeAsync().AsTask())]).ConfigureAwait(false);
        }
    }

    private SinkQueue Open(IMessageTransport transport) => new(
        transport, _parts.Ledger.Open(transport.Name), _parts.Sinks, _parts.Latencies, _parts.Clock, _parts.Logger);

    private string? TryJoin(IMessageTransport transport)
    {
        lock (_handOver)
        {
            if (!_isRunning || _sinks.Length == _transportsAtStart + MaxJoined)
            {
                return _isRunning ? $"At most {MaxJoined} transports join a running pipeline: remove one first." : "The pipeline does not run.";
            }

            SinkQueue sink = Open(transport);
            sink.Start();
            _sinks = [.. _sinks, sink];
            _states.Add(() => transport.State);
            return null;
        }
    }

    private async Task OpenSinksAsync(CancellationToken cancellationToken)
    {
        try
        {
            foreach (IMessageTransport transport in _parts.Transports)
            {
                await transport.StartAsync(cancellationToken).ConfigureAwait(false);
            }

            foreach (IPerceptSink sink in _parts.PerceptSinks)
            {
                await sink.StartAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        catch
        {
            foreach (IAsyncDisposable sink in ((IEnumerable<IAsyncDisposable>)_parts.Transports).Concat(_parts.PerceptSinks))
            {
                await sink.DisposeAsync().ConfigureAwait(false);
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
                lock (_handOver)
                {
                    Array.ForEach(_sinks, s => s.Post(message));
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
            lock (_handOver)
            {
                _parts.Ledger.HandedToSinks();
                foreach (SinkQueue sink in _sinks)
                {
                    sink.Offer(encoded);
                }

                foreach (PerceptQueue percepts in _percepts)
                {
                    percepts.Offer(frame);
                }
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
