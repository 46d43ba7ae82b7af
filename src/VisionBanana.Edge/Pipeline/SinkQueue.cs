using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using VisionBanana.Edge.Diagnostics;
using VisionBanana.Edge.Messages;

namespace VisionBanana.Edge.Pipeline;

/// <summary>
/// One sink's bounded queue and the worker that sends what is in it. A slow or broken transport costs its own pictures,
/// never those of another sink, and never makes the pipeline wait.
/// </summary>
internal sealed partial class SinkQueue : IAsyncDisposable
{
    private const int MaxNotices = 128;

    private readonly IMessageTransport _transport;
    private readonly ISinkCounter _counter;
    private readonly SinkOptions _options;
    private readonly LatencyHistogram _sendLatency;
    private readonly LatencyHistogram _totalLatency;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly Lock _gate = new();
    private readonly Queue<EncodedFrame> _frames;
    private readonly Queue<WireMessage> _notices = new(MaxNotices), _behind = new();
    private readonly SemaphoreSlim _work = new(0);
    private readonly CancellationTokenSource _abort = new();
    private Task _worker = Task.CompletedTask;
    private bool _stopping;

    public SinkQueue(
        IMessageTransport transport, ISinkCounter counter, SinkOptions options, StageLatencies latencies, TimeProvider clock, ILogger logger)
    {
        _transport = transport;
        _counter = counter;
        _options = options;
        _sendLatency = latencies[$"send_{transport.Name}"];
        _totalLatency = latencies[$"capture_to_{transport.Name}"];
        _clock = clock;
        _logger = logger;
        _frames = new Queue<EncodedFrame>(options.Capacity);
    }

    /// <summary>The account of this sink.</summary>
    public ISinkCounter Counter => _counter;

    public IMessageTransport Transport => _transport;

    public void Start() => _worker = Task.Run(WorkAsync);

    /// <summary>Queues a picture that was already counted as handed to this sink; never waits.</summary>
    public void Offer(EncodedFrame frame)
    {
        EncodedFrame? oldest = null;
        lock (_gate)
        {
            if (_stopping)
            {
                _counter.Dropped(DropReason.Stopped);
                return;
            }

            if (_frames.Count == _options.Capacity)
            {
                oldest = _frames.Dequeue();
            }

            frame.Retain();
            _frames.Enqueue(frame);
            _work.Release();
        }

        if (oldest is not null)
        {
            oldest.Dispose();
            _counter.Dropped(DropReason.QueueFull);
        }
    }

    /// <summary>Queues state or diagnostics, ahead of pictures; the payload must not change afterwards. The oldest goes when too many wait.</summary>
    public void Post(WireMessage notice) => Post(notice, _notices);

    /// <summary>Queues a message that replaces what the pictures that wait say: it is sent behind them.</summary>
    public void PostBehind(WireMessage notice) => Post(notice, _behind);

    /// <summary>Sends what is queued for as long as the options allow, counts the rest as stopped and closes the transport.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _stopping = true;
            _work.Release();
        }

        _abort.CancelAfter(_options.FlushTimeout);
        await _worker.ConfigureAwait(false);
        await _transport.DisposeAsync().ConfigureAwait(false);
        _abort.Dispose();
        _work.Dispose();
    }

    [LoggerMessage(LogLevel.Error, "Sink {Sink} failed to send {Stream}.")]
    private static partial void LogSendFailed(ILogger logger, Exception exception, string sink, string stream);

    private void Post(WireMessage notice, Queue<WireMessage> queue)
    {
        lock (_gate)
        {
            if (_stopping)
            {
                return;
            }

            if (queue.Count == MaxNotices)
            {
                queue.Dequeue();
            }

            queue.Enqueue(notice);
            _work.Release();
        }
    }

    private async Task WorkAsync()
    {
        while (true)
        {
            if (TryTake(out WireMessage? notice, out EncodedFrame? frame, out bool ended))
            {
                if (notice is not null)
                {
                    await SendAsync(notice).ConfigureAwait(false);
                }
                else
                {
                    using (frame)
                    {
                        await SendFrameAsync(frame!).ConfigureAwait(false);
                    }
                }
            }
            else if (ended)
            {
                return;
            }
            else
            {
                await _work.WaitAsync().ConfigureAwait(false);
            }
        }
    }

    private bool TryTake(out WireMessage? notice, out EncodedFrame? frame, out bool ended)
    {
        lock (_gate)
        {
            ended = _stopping;
            frame = null;
            return _notices.TryDequeue(out notice) || _frames.TryDequeue(out frame) || _behind.TryDequeue(out notice);
        }
    }

    private async ValueTask SendFrameAsync(EncodedFrame frame)
    {
        long start = CaptureTime.MonotonicNow(_clock);
        if (_abort.IsCancellationRequested)
        {
            _counter.Dropped(DropReason.Stopped);
            return;
        }

        if (_options.MaxAge is { } maxAge && start - frame.CapturedAt.MonotonicNs > maxAge.Ticks * 100)
        {
            _counter.Dropped(DropReason.TooOld);
            return;
        }

        DropReason? failure = null;
        for (int i = 0; i < frame.Messages.Count; i++)
        {
            failure = await SendAsync(frame.Messages[i]).ConfigureAwait(false) ?? failure;
        }

        if (failure is { } reason)
        {
            _counter.Dropped(reason);
            return;
        }

        long now = CaptureTime.MonotonicNow(_clock);
        _sendLatency.Record(now - start);
        _totalLatency.Record(now - frame.CapturedAt.MonotonicNs);
        _counter.Published();
    }

    [SuppressMessage(
        "Design", "CA1031:Do not catch general exception types", Justification = "A transport that breaks its contract costs one message, not the pipeline.")]
    private async ValueTask<DropReason?> SendAsync(WireMessage message)
    {
        try
        {
            return await _transport.SendAsync(message, _abort.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_abort.IsCancellationRequested)
        {
            return DropReason.Stopped;
        }
        catch (Exception e)
        {
            LogSendFailed(_logger, e, _transport.Name, message.Stream);
            return DropReason.SendFailed;
        }
    }
}
