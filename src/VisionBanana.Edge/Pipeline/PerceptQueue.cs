using Microsoft.Extensions.Logging;
using VisionBanana.Edge.Diagnostics;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Pipeline;

/// <summary>One percept sink's thread: the newest frame waits while it is busy, so that the pipeline never does.</summary>
internal sealed class PerceptQueue : IObservable<PerceptionFrame>, IObserver<PerceptionFrame>, IFlowCounter, IDisposable, IAsyncDisposable
{
    private readonly IPerceptSink _sink;
    private readonly SinkOptions _options;
    private readonly LatencyHistogram _totalLatency;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IObserver<PerceptionFrame>? _queue;
    private IDisposable? _subscription;

    public PerceptQueue(IPerceptSink sink, ISinkCounter counter, SinkOptions options, StageLatencies latencies, TimeProvider clock, ILogger logger)
    {
        (_sink, Counter, _options, _clock, _logger) = (sink, counter, options, clock, logger);
        _totalLatency = latencies[$"capture_to_{sink.Name}"];
    }

    public ISinkCounter Counter { get; }

    public void Start() => _subscription = this.KeepLatest(this, _logger).Subscribe(this);

    /// <summary>Queues a frame that was already counted as handed to this sink; never waits.</summary>
    public void Offer(PerceptionFrame frame) => _queue!.OnNext(frame);

    /// <summary>Shows what waits, for as long as the options allow, and closes the sink.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue?.OnCompleted();
        await Task.WhenAny(_queue is null ? Task.CompletedTask : _drained.Task, Task.Delay(_options.FlushTimeout, _clock)).ConfigureAwait(false);
        _subscription?.Dispose();
        await _sink.DisposeAsync().ConfigureAwait(false);
    }

    IDisposable IObservable<PerceptionFrame>.Subscribe(IObserver<PerceptionFrame> observer)
    {
        _queue = observer;
        return this;
    }

    void IDisposable.Dispose()
    {
        // The frames come from Offer: there is nothing to unsubscribe from.
    }

    void IObserver<PerceptionFrame>.OnNext(PerceptionFrame value)
    {
        // A sink that throws is counted by the queue.
        long capturedNs = value.CapturedAt.MonotonicNs;
        if (_sink.Show(value) is { } reason)
        {
            Counter.Dropped(reason);
            return;
        }

        _totalLatency.Record(CaptureTime.MonotonicNow(_clock) - capturedNs);
        Counter.Published();
    }

    void IObserver<PerceptionFrame>.OnError(Exception error) => _drained.TrySetResult();

    void IObserver<PerceptionFrame>.OnCompleted() => _drained.TrySetResult();

    // The source counts captured pictures.
    void IFlowCounter.Captured()
    {
    }

    void IFlowCounter.Dropped(DropReason reason) => Counter.Dropped(reason);
}
