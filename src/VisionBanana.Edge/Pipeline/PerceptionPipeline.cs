using Microsoft.Extensions.Logging;
using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Diagnostics;
using VisionBanana.Edge.Instructions;
using VisionBanana.Edge.Messages;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Pipeline;

/// <summary>
/// The whole way: camera → queue → perceive → encode once → one bounded queue per transport, and the newest frame for each percept sink. Files wait
/// for it, live cameras keep the latest. Runs once. It keeps the books: captured = published + Σ dropped + in flight holds per sink at any moment,
/// whatever its parts do.
/// </summary>
public sealed partial class PerceptionPipeline : IAsyncDisposable
{
    private const int FileQueueCapacity = 2;

    /// <summary>How long pictures on the way may take after the end before the painter is told to give up.</summary>
    private static readonly TimeSpan DrainPatience = TimeSpan.FromSeconds(2);

    /// <summary>How long they may take at most.</summary>
    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(10);

    private readonly PipelineParts _parts;
    private readonly FlowLedger _ledger = new();
    private readonly PipelineSinks _sinks;
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Perceiver _perceiver;
    private readonly MessageEncoder _encoder;
    private readonly SteadyState _steady;
    private readonly PipelineControls _controls;
    private readonly PipelineMeter _meter;
    private readonly ZoneWatchdog _zones;
    private readonly long _startNs;
    private Reviewed? _review;
    private int _runs, _disposals;

    /// <summary>Puts the parts together and checks them; nothing runs yet.</summary>
    /// <exception cref="ConfigurationException">
    /// The painter cannot answer one of the instructions, an instruction needs a calibrated camera, a stream needs <see cref="PipelineParts.Images"/>,
    /// or percepts would go nowhere.
    /// </exception>
    public PerceptionPipeline(PipelineParts parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        if (parts.Transports.Count + parts.PerceptSinks.Count == 0)
        {
            throw new ConfigurationException(
                $"Percepts would go nowhere: expected at least one of {nameof(parts.Transports)} or {nameof(parts.PerceptSinks)}, found none.");
        }

        _parts = parts;
        _perceiver = new Perceiver(parts.Painter, new InstructionSchedule(parts.Instructions), parts.Perceive, Latencies, parts.Clock);
        _perceiver.RequireCalibrationFor(parts.Source.Intrinsics, parts.Source.CalibrationProblem);
        _perceiver.CheckNavigation(parts.Source.Intrinsics);
        _zones = new ZoneWatchdog(parts.Perceive.Navigation, parts.Clock);

        _encoder = new MessageEncoder(
            EncoderCheck.Checked(parts) with { PoolCapacity = PipelineSinks.MostEncoded(parts) }, parts.Images ?? EncoderCheck.NoEncoder);
        _steady = new SteadyState(parts.Clock);
        _controls = new PipelineControls(_perceiver, parts.Painter, parts.Source, parts.Models);
        foreach (ICommandTransport transport in ((IEnumerable<object>)parts.Transports).Concat(parts.PerceptSinks).OfType<ICommandTransport>())
        {
            transport.Attach(_controls);
        }

        _startNs = CaptureTime.MonotonicNow(parts.Clock);
        _sinks = new PipelineSinks(parts, _ledger, Latencies);
        _meter = new PipelineMeter(this, parts.Device, parts.Camera);
    }

    /// <summary>Pauses, resumes and changes what is asked while the pipeline runs; the same that transports with commands use.</summary>
    public ICommandHandler Commands => _controls;

    /// <summary>The camera.</summary>
    public ICameraSource Source => _parts.Source;

    /// <summary>The model.</summary>
    public PainterDescription Painter => _parts.Painter.Description;

    /// <summary>What is asked of which picture.</summary>
    public InstructionSchedule Schedule => _perceiver.Schedule;

    /// <summary>Durations by stage; who consumes percepts may add stages of its own.</summary>
    public StageLatencies Latencies { get; } = new();

    /// <summary>Says why an instruction cannot be answered here, or null when it can.</summary>
    public string? WhyNot(Instruction instruction) => _perceiver.WhyNot(instruction, Source.Intrinsics);

    /// <summary>
    /// The part of the camera's pixels, 0 to 1, that the painted view leaves out (<see cref="Perceiver.LeftOut"/>); null = not calibrated.
    /// </summary>
    public double? LeftOut => Review().LeftOut;

    /// <summary>How long ago the newest picture was perceived; null = none was yet.</summary>
    public TimeSpan? SinceLastPicture => _steady.SinceLast;

    /// <summary>Time of stamps and durations.</summary>
    public TimeProvider Clock => _parts.Clock;

    /// <summary>Pictures that were painted and decoded.</summary>
    internal long Perceived => _steady.Count;

    /// <summary>The books of every sink.</summary>
    internal IReadOnlyList<SinkFlow> Flows() => _sinks.Look().Flows;

    /// <summary>How the run stands.</summary>
    public PipelineReport Report()
    {
        (IReadOnlyList<SinkFlow> sinks, string[] states) = _sinks.Look();
        return new PipelineReport(
            sinks,
            states,
            _steady.Count,
            _steady.FramesPerSecond,
            Latencies.ToList(),
            _steady.AllocatedBytesPerFrame,
            TimeSpan.FromTicks((CaptureTime.MonotonicNow(Clock) - _startNs) / 100))
        {
            Scale = _perceiver.Scale?.Report(),
        };
    }

    /// <summary>What there is to say of the calibration of now.</summary>
    private CameraReview Review()
    {
        CameraIntrinsics? camera = Source.Intrinsics;
        if (_review is not { } known || !ReferenceEquals(known.Camera, camera))
        {
            _review = known = new Reviewed(camera, CameraReview.Of(camera, _perceiver));
        }

        return known.Review;
    }

    /// <summary>Opens one more transport while the pipeline runs, from the next picture on; its books begin there. Closed at the end like the others.</summary>
    /// <exception cref="TransportException">It cannot be opened.</exception>
    /// <exception cref="InvalidOperationException">The pipeline does not run, or too many joined already. The transport is closed then.</exception>
    public Task AddTransportAsync(IMessageTransport transport, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(transport);
        return _sinks.JoinAsync(transport, cancellationToken);
    }

    /// <summary>
    /// Takes a transport out while the pipeline runs: what waits for it is still sent, then it is closed. Its books stay in the report. False when it is not
    /// there.
    /// </summary>
    public Task<bool> RemoveTransportAsync(IMessageTransport transport)
    {
        ArgumentNullException.ThrowIfNull(transport);
        return _sinks.LeaveAsync(transport);
    }

    /// <summary>
    /// Runs until the source ends, <see cref="PipelineParts.MaxFrames"/> is reached or it is cancelled (which is no error), then flushes the sinks
    /// and closes the transports. When it returns, nothing of the pipeline runs any more, save a painter that does
    /// not give up within ten seconds. A token that is cancelled already starts nothing.
    /// </summary>
    /// <exception cref="TransportException">A transport could not be opened.</exception>
    /// <exception cref="CameraException">The source is gone for good.</exception>
    /// <exception cref="InferenceException">The model is gone for good.</exception>
    /// <exception cref="InvalidOperationException">It ran before.</exception>
    /// <exception cref="ObjectDisposedException">It was disposed.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposals) > 0, this);
        if (Interlocked.Exchange(ref _runs, 1) != 0)
        {
            throw new InvalidOperationException("A pipeline runs once: its sinks are closed at the end. Make a new one with the same source and painter.");
        }

        using CancellationTokenRegistration stop = cancellationToken.Register(_stop.Cancel);
        try
        {
            if (_stop.IsCancellationRequested)
            {
                await _sinks.CloseAsync().ConfigureAwait(false);
                return;
            }

            await RunSinksAsync().ConfigureAwait(false);
        }
        finally
        {
            _ended.TrySetResult();
        }
    }

    /// <summary>
    /// Stops a run and waits for its end, closes the sinks of a pipeline that never ran, then disposes what is <see cref="PipelineParts.Owned"/>.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposals, 1) != 0)
        {
            return;
        }

        if (Interlocked.Exchange(ref _runs, 1) == 0)
        {
            LogNeverRun(_parts.Logger);
            await _sinks.CloseAsync().ConfigureAwait(false);
        }
        else
        {
            await _stop.CancelAsync().ConfigureAwait(false);
            await _ended.Task.ConfigureAwait(false);
        }

        _meter.Dispose();
        _controls.Dispose();
        foreach (IDisposable owned in _parts.Owned)
        {
            owned.Dispose();
        }

        _stop.Dispose();
    }

    [LoggerMessage(LogLevel.Warning, "A pipeline was disposed that never ran: RunAsync was not called.")]
    private static partial void LogNeverRun(ILogger logger);

    [LoggerMessage(LogLevel.Error, "{Painter} still paints {Seconds} s after the end of the run, though it was told to give up: it is left behind.")]
    private static partial void LogStillPainting(ILogger logger, string painter, double seconds);

    private async Task RunSinksAsync()
    {
        await _sinks.OpenAsync(_stop.Token).ConfigureAwait(false);
        _sinks.Start();
        using var ended = new CancellationTokenSource();
        Task diagnostics = Task.WhenAll(ReportDiagnosticsAsync(ended.Token), _zones.WatchAsync(_sinks.PostBehind, ended.Token));
        try
        {
            await PerceiveAllAsync().ConfigureAwait(false);
        }
        finally
        {
            await ended.CancelAsync().ConfigureAwait(false);
            await diagnostics.ConfigureAwait(false);
            _zones.End(_sinks.PostBehind);
            await _sinks.StopAsync().ConfigureAwait(false);
        }
    }

    private async Task PerceiveAllAsync()
    {
        using var givesUp = new CancellationTokenSource();
        _perceiver.Stopping = givesUp.Token;
        IObservable<CameraFrame> pictures = _parts.Source.Counted(_ledger, _parts.Logger);
        if (_parts.MaxFrames is { } max)
        {
            pictures = pictures.StopAfter(max, _ledger);
        }

        pictures = _parts.Source.IsLive
            ? pictures.KeepLatest(_ledger, _parts.Logger)
            : pictures.KeepAll(FileQueueCapacity, _ledger, _parts.Logger);

        // Behind the queue, so that a pause holds from the picture that is being painted now.
        pictures = _controls.Gate.Apply(pictures, hold: !_parts.Source.IsLive, _ledger);
        IObservable<PerceptionFrame> percepts = _parts.Overlap
            ? pictures.PerceiveOverlapped(_perceiver, keepLatest: _parts.Source.IsLive, _ledger, _parts.Logger)
            : pictures.Perceive(_perceiver, _ledger, _parts.Logger);
        var publisher = new Publisher(this);
        try
        {
            using (percepts.Subscribe(publisher))
            using (_stop.Token.Register(publisher.OnCompleted))
            {
                await publisher.Completion.ConfigureAwait(false);
            }
        }
        finally
        {
            await DrainAsync(givesUp).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Waits until every picture that was captured before the end is published or dropped. A painter that takes long is told to give up; one that
    /// does not is named, and left alone after <see cref="DrainLimit"/>: stopping has a bound.
    /// </summary>
    private async Task DrainAsync(CancellationTokenSource givesUp)
    {
        long start = Clock.GetTimestamp();
        while (_ledger.OnTheWay > 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), Clock, CancellationToken.None).ConfigureAwait(false);
            TimeSpan since = Clock.GetElapsedTime(start);
            if (since > DrainLimit)
            {
                LogStillPainting(_parts.Logger, Painter.Name, since.TotalSeconds);
                return;
            }

            if (since > DrainPatience && !givesUp.IsCancellationRequested)
            {
                await givesUp.CancelAsync().ConfigureAwait(false);
            }
        }
    }

    private async Task ReportDiagnosticsAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), Clock);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false))
            {
                _sinks.Post(PipelineDiagnostics.Create(_parts, Report(), Review(), _controls.State.IsPaused));
            }
        }
        catch (OperationCanceledException)
        {
            // The run ended.
        }
    }

    private void Publish(PerceptionFrame frame)
    {
        _zones.Note(frame);
        EncodedFrame? encoded = null;
        if (_sinks.NeedMessages)
        {
            long start = CaptureTime.MonotonicNow(Clock);
            if (!_encoder.TryEncode(frame, out encoded))
            {
                _ledger.Dropped(DropReason.PoolExhausted);
                return;
            }

            Latencies.Lap("encode", start, Clock);
        }

        using (encoded)
        {
            _steady.Tick();
            _sinks.HandOver(frame, encoded);
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

    private sealed record Reviewed(CameraIntrinsics? Camera, CameraReview Review);
}
