using Microsoft.Extensions.Logging;
using OpenCvSharp;
using VisionBanana.Edge.Diagnostics;
using VisionBanana.Edge.Perception;
using VisionBanana.Edge.Pipeline;
using LogLevel = Microsoft.Extensions.Logging.LogLevel;

namespace VisionBanana.Edge.OpenCv.Sources;

/// <summary>
/// One subscription: a thread that opens, reads, stamps and publishes until the file ends or it is disposed. A live camera that
/// goes away is opened again with growing pauses. Disposing returns once no picture is being published any more
/// (at most a second later); a read that still hangs in the driver ends on its own and publishes nothing.
/// </summary>
internal sealed partial class PictureLoop : IDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(0.5), LongestPause = TimeSpan.FromSeconds(10), DisposePatience = TimeSpan.FromSeconds(1);

    // So many in a row mean that the camera changed for good, or that it is no camera.
    private const int UnreadableLimit = 100;

    private readonly OpenCvCameraSource _source;
    private readonly SourceDescription _description;
    private readonly ObserverGuard<CameraFrame> _observer;
    private readonly CameraSourceOptions _options;
    private readonly StopSignal _stop;
    private readonly Pacer _pacer;
    private readonly FrameMats _mats = new();
    private readonly StaleDetector _stale = new();
    private readonly object _publishing = new();
    private long _sequence;
    private int _unreadableInRow;
    private volatile IPictureReader? _reader;

    public PictureLoop(OpenCvCameraSource source, SourceDescription description, IObserver<CameraFrame> observer)
    {
        _source = source;
        _description = description;
        _options = description.Options;
        _observer = new ObserverGuard<CameraFrame>(observer, _options.Logger);
        _stop = new StopSignal(_options.Clock);
        bool paced = !description.IsLive && _options.Pace == Pace.FrameRate;
        _pacer = new Pacer(paced ? description.FramesPerSecond : null, _options.Clock, _stop);
    }

    public void Start() => new Thread(Run) { IsBackground = true, Name = $"camera {_options.FrameId}" }.Start();

    public void Dispose()
    {
        _stop.Stop();
        _reader?.Abort();
        if (Monitor.TryEnter(_publishing, DisposePatience))
        {
            Monitor.Exit(_publishing);
        }
    }

    private void Run()
    {
        CameraException? error = null;
        try
        {
            if (_description.IsLive)
            {
                RunLive();
            }
            else
            {
                RunFile();
            }
        }
        catch (CameraException e)
        {
            error = e;
        }
        catch (OpenCVException e)
        {
            error = new CameraException($"OpenCV failed on {_description.Text}: {e.Message}", e);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // Whoever counts what is lost may throw; on a thread of ours that would end the process.
            LogFailed(_options.Logger, _description.Text, e);
            error = new CameraException($"{_description.Text} ends here: {e.Message}", e);
        }
        finally
        {
            _mats.Dispose();
            _stop.Dispose();
        }

        if (_observer.Failure is { } failure)
        {
            _source.State = $"failed: who watches it threw: {failure.Message}";
        }
        else if (_stop.IsStopped)
        {
            _source.State = "stopped";
        }
        else
        {
            _source.State = error is null ? _source.State : $"failed: {error.Message}";
            _observer.End(error);
        }
    }

    private void RunFile()
    {
        do
        {
            long before = _sequence;
            using IPictureReader reader = _description.Open();
            _source.State = "running";
            long read = ReadAll(reader);
            int missing = reader.MissingCount;
            if (missing > 0 && !_stop.IsStopped)
            {
                _source.State = $"ended early: {missing} of {read + missing} pictures could not be read";
                LogMissing(_options.Logger, _description.Text, missing, read + missing);
                for (int i = 0; i < missing; i++)
                {
                    Publish(null, DropReason.Unreadable, default);
                }
            }
            else
            {
                _source.State = "ended";
            }

            if (read == 0 && !_stop.IsStopped)
            {
                throw new CameraException(
                    $"None of the {_sequence - before} pictures of {_description.Text} could be read: the file changed since it was opened. Check it.");
            }
        }
        while (_options.Loop && !_stop.IsStopped);
    }

    private void RunLive()
    {
        TimeSpan pause = FirstPause;
        while (!_stop.IsStopped)
        {
            string reason;
            try
            {
                using IPictureReader reader = _description.Open();
                _source.State = "running";
                _stale.Reset();
                pause = ReadAll(reader) > 0 ? FirstPause : pause;
                reason = _stop.IsStopped ? "" : reader.EndReason;
            }
            catch (CameraException e) when (e is not CameraChangedException)
            {
                reason = e.Message;
            }

            if (!_stop.IsStopped)
            {
                _source.State = FormattableString.Invariant($"reconnecting in {pause.TotalSeconds:0.#} s: {reason}");
                LogReconnecting(_options.Logger, _description.Text, pause.TotalSeconds, reason);
                _stop.Wait(pause);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
        }
    }

    /// <summary>Reads to the end; returns how many pictures were readable.</summary>
    private long ReadAll(IPictureReader reader)
    {
        long read = 0;
        _reader = reader;
        while (!_stop.IsStopped && reader.Grab())
        {
            var capturedAt = CaptureTime.Now(_options.Clock);
            if (!TryRent(out CameraFrame? frame))
            {
                Publish(null, DropReason.PoolExhausted, default);
                continue;
            }

            using (frame)
            {
                if (!Decode(reader, frame))
                {
                    Publish(null, DropReason.Unreadable, default);
                    LogUnreadable(_options.Logger, _description.Text, reader.Current);
                    RefuseTooMany(reader);
                    continue;
                }

                read++;
                _unreadableInRow = 0;
                if (_description.IsLive && _stale.IsRepeat(frame.Pixels, reader.TimestampMs))
                {
                    _source.State = "stale: the camera repeats one picture";
                    Publish(null, DropReason.Stale, default);
                    continue;
                }

                _source.State = "running";
                if (!_description.IsLive)
                {
                    if (_pacer.WaitForTurn())
                    {
                        break;
                    }

                    capturedAt = CaptureTime.Now(_options.Clock);
                }

                Publish(frame, null, capturedAt);
            }
        }

        return read;
    }

    /// <summary>A file waits until a picture comes back; a live camera does not.</summary>
    private bool TryRent([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out CameraFrame? frame)
    {
        while (!_source.Pool.TryRent(out frame))
        {
            if (_description.IsLive || _stop.Wait(TimeSpan.FromMilliseconds(2)))
            {
                return false;
            }
        }

        return true;
    }

    private bool Decode(IPictureReader reader, CameraFrame frame)
    {
        try
        {
            Mat mat = _mats.Of(frame);
            return reader.Retrieve(mat) && _mats.TryTakeIn(frame, mat);
        }
        catch (OpenCVException e)
        {
            LogDecoderFailed(_options.Logger, reader.Current, e);
            return false;
        }
    }

    private void RefuseTooMany(IPictureReader reader)
    {
        if (++_unreadableInRow >= UnreadableLimit && _description.IsLive)
        {
            throw new CameraChangedException(
                $"{UnreadableLimit} pictures in a row from {_description.Text} could not be used ({reader.Current}): "
                + "the camera changed its size or format. Open it again.");
        }
    }

    /// <summary>Counts one picture in and either publishes or drops it. Nothing is counted once the subscription is disposed.</summary>
    private void Publish(CameraFrame? frame, DropReason? reason, CaptureTime capturedAt)
    {
        lock (_publishing)
        {
            if (_stop.IsStopped)
            {
                return;
            }

            long sequence = _sequence++;
            if (frame is null)
            {
                _source.Lose(reason ?? DropReason.Unreadable);
                return;
            }

            frame.CapturedAt = capturedAt;
            frame.SequenceNumber = sequence;
            frame.FrameId = _options.FrameId;
            frame.Intrinsics = _source.Intrinsics;
            if (!_observer.TryNext(frame))
            {
                _stop.Stop();
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "A picture of {Source} is unreadable or of another size and was dropped: {Picture}.")]
    private static partial void LogUnreadable(ILogger logger, string source, string picture);

    [LoggerMessage(LogLevel.Warning, "{Source} ended early: {Missing} of {Total} pictures could not be read. The file is cut off or damaged.")]
    private static partial void LogMissing(ILogger logger, string source, int missing, long total);

    [LoggerMessage(LogLevel.Warning, "{Source} is opened again in {Seconds} s: {Reason}.")]
    private static partial void LogReconnecting(ILogger logger, string source, double seconds, string reason);

    [LoggerMessage(LogLevel.Error, "{Source} ends here.")]
    private static partial void LogFailed(ILogger logger, string source, Exception exception);

    [LoggerMessage(LogLevel.Debug, "The decoder failed on {Picture}.")]
    private static partial void LogDecoderFailed(ILogger logger, string picture, Exception exception);
}
