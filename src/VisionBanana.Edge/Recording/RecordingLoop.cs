using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Diagnostics;
using VisionBanana.Edge.Messages.Ros;
using VisionBanana.Edge.Perception;
using VisionBanana.Edge.Pipeline;

namespace VisionBanana.Edge.Recording;

/// <summary>One subscription of a <see cref="RecordingSource"/>: a thread that reads, waits and publishes.</summary>
internal sealed partial class RecordingLoop : IDisposable
{
    private static readonly TimeSpan PoolPoll = TimeSpan.FromMilliseconds(2), DisposePatience = TimeSpan.FromSeconds(1);

    private readonly RecordingSource _source;
    private readonly RecordingReader _recording;
    private readonly ObserverGuard<CameraFrame> _observer;
    private readonly TimeProvider _clock;
    private readonly object _gate = new(), _publishing = new();
    private readonly ITimer _timer;
    private bool _stopped, _elapsed;
    private uint _lastSequence;
    private long _sequence = -1;

    public RecordingLoop(RecordingSource source, RecordingReader recording, IObserver<CameraFrame> observer)
    {
        (_source, _recording) = (source, recording);
        _observer = new ObserverGuard<CameraFrame>(observer, source.Options.Logger);
        _clock = source.Options.Clock;
        _timer = _clock.CreateTimer(static loop => ((RecordingLoop)loop!).Elapsed(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Start() => new Thread(Run) { IsBackground = true, Name = "recording" }.Start();

    /// <summary>Returns once no picture is being published any more, at most a second later.</summary>
    public void Dispose()
    {
        Stop();
        if (Monitor.TryEnter(_publishing, DisposePatience))
        {
            Monitor.Exit(_publishing);
        }
    }

    private void Stop()
    {
        lock (_gate)
        {
            _stopped = true;
            Monitor.PulseAll(_gate);
        }
    }

    private void Run()
    {
        Exception? failure = null;
        _source.State = "running";
        try
        {
            do
            {
                PlayOnce();
            }
            while (_source.Options.Loop && !IsStopped());
        }
        catch (Exception error) when (error is IOException or VisionBananaException or ObjectDisposedException)
        {
            failure = new CameraException($"{_source.Description} ends here: {error.Message}", error);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // Whoever counts what is lost may throw; on a thread of ours that would end the process.
            LogFailed(_source.Options.Logger, _source.Description, error);
            failure = new CameraException($"{_source.Description} ends here: {error.Message}", error);
        }
        finally
        {
            _timer.Dispose();
        }

        if (_observer.Failure is { } thrown)
        {
            _source.State = $"failed: who watches it threw: {thrown.Message}";
            return;
        }

        if (IsStopped())
        {
            _source.State = "stopped";
            return;
        }

        McapRecovery recovery = _recording.Recovery;
        _source.State = failure?.Message ?? (recovery.IsComplete ? "ended" : $"ended; {recovery}");
        _observer.End(failure);
    }

    private void PlayOnce()
    {
        var pace = new PlaybackClock(_source.Options.Speed, _clock);
        foreach (RecordedPicture picture in _source.Topic.Read(_recording, problem => _source.State = problem))
        {
            while (pace.WaitFor(picture.LogTimeNs) is { } wait && wait > TimeSpan.Zero && !Wait(wait))
            {
            }

            if (!TryRent(out CameraFrame? frame))
            {
                return;
            }

            using (frame)
            {
                Publish(frame, picture);
            }
        }
    }

    private void Publish(CameraFrame frame, in RecordedPicture picture)
    {
        lock (_publishing)
        {
            if (IsStopped())
            {
                return;
            }

            try
            {
                Header header = _source.Topic.Decode(picture.Payload, frame);
                long stampNs = header.Stamp.Nanoseconds;
                frame.CapturedAt = new CaptureTime(CaptureTime.MonotonicNow(_clock), stampNs != 0 ? stampNs : picture.LogTimeNs);
                frame.FrameId = header.FrameId;
            }
            catch (MessageFormatException)
            {
                _source.Lose(DropReason.Unreadable);
                return;
            }

            frame.SequenceNumber = Unfold(picture.Sequence);
            CameraIntrinsics? intrinsics = picture.Intrinsics;
            frame.Intrinsics = intrinsics is not null && (intrinsics.Width != frame.Width || intrinsics.Height != frame.Height) ? null : intrinsics;
            if (!_observer.TryNext(frame))
            {
                Stop();
            }
        }
    }

    /// <summary>Recordings keep 32 bits of a sequence number; it goes on where they wrap or the recording begins again.</summary>
    private long Unfold(uint sequence)
    {
        int step = unchecked((int)(sequence - _lastSequence));
        _sequence = _sequence < 0 ? sequence : _sequence + (step > 0 ? step : 1);
        _lastSequence = sequence;
        return _sequence;
    }

    private bool TryRent([NotNullWhen(true)] out CameraFrame? frame)
    {
        while (!_source.Pool.TryRent(out frame))
        {
            if (Wait(PoolPoll))
            {
                return false;
            }
        }

        return true;
    }

    private bool IsStopped()
    {
        lock (_gate)
        {
            return _stopped;
        }
    }

    /// <summary>Waits; true when stopped.</summary>
    private bool Wait(TimeSpan time)
    {
        lock (_gate)
        {
            _elapsed = false;
            _timer.Change(time < TimeSpan.FromMilliseconds(1) ? TimeSpan.FromMilliseconds(1) : time, Timeout.InfiniteTimeSpan);
            while (!_elapsed && !_stopped)
            {
                Monitor.Wait(_gate);
            }

            return _stopped;
        }
    }

    private void Elapsed()
    {
        lock (_gate)
        {
            _elapsed = true;
            Monitor.PulseAll(_gate);
        }
    }

    [LoggerMessage(LogLevel.Error, "{Source} ends here.")]
    private static partial void LogFailed(ILogger logger, string source, Exception exception);
}
