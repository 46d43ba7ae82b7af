using Microsoft.Extensions.Logging;
using VisionBanana.Edge.Diagnostics;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Pipeline;

/// <summary>
/// One subscription of a source: a thread that opens, reads, stamps and publishes until the file ends or it is disposed. A live camera that
/// goes away is opened again with growing pauses. Disposing returns once no picture is being published any more
/// (at most a second later); a read that still hangs in a driver ends on its own and publishes nothing.
/// </summary>
internal sealed partial class SourceLoop : IDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(0.5), LongestPause = TimeSpan.FromSeconds(10);

    private readonly ISourceFeed _feed;
    private readonly OpenedSource _opened;
    private readonly ILogger _logger;
    private readonly ObserverGuard<CameraFrame> _observer;
    private readonly StopSignal _stop;
    private readonly SourcePublisher _publisher;
    private volatile IPictureReader? _reader;

    private SourceLoop(ISourceFeed feed, OpenedSource opened, IObserver<CameraFrame> observer)
    {
        (_feed, _opened, _logger) = (feed, opened, opened.Options.Logger);
        _observer = new ObserverGuard<CameraFrame>(observer, _logger);
        _stop = new StopSignal(opened.Options.Clock);
        _publisher = new SourcePublisher(feed, opened, _observer, _stop);
    }

    /// <summary>Starts to publish to an observer.</summary>
    /// <param name="feed">The source.</param>
    /// <param name="opened">What it is, and how it is opened.</param>
    /// <param name="observer">Who gets the pictures.</param>
    public static SourceLoop Start(ISourceFeed feed, OpenedSource opened, IObserver<CameraFrame> observer)
    {
        var loop = new SourceLoop(feed, opened, observer);
        new Thread(loop.Run) { IsBackground = true, Name = $"camera {opened.Options.FrameId}" }.Start();
        return loop;
    }

    public void Dispose()
    {
        _stop.Stop();
        _reader?.Abort();
        _publisher.WaitUntilQuiet();
    }

    private void Run()
    {
        CameraException? error = Play();
        _stop.Dispose();
        if (_observer.Failure is { } failure)
        {
            _feed.Tell($"failed: who watches it threw: {failure.Message}");
        }
        else if (_stop.IsStopped)
        {
            _feed.Tell("stopped");
        }
        else
        {
            if (error is not null)
            {
                _feed.Tell($"failed: {error.Message}");
            }

            _observer.End(error);
        }
    }

    /// <summary>Reads until the end; returns why it ended before, or null.</summary>
    private CameraException? Play()
    {
        try
        {
            if (_opened.Reconnects)
            {
                PlayAndReconnect();
                return null;
            }

            do
            {
                PlayOnce();
            }
            while (_opened.Options.Loop && !_stop.IsStopped);
            return null;
        }
        catch (CameraException e)
        {
            return e;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // A reader from outside the library, or a handler of Lost, may throw anything; unhandled on this thread it would end the process.
            LogFailed(_logger, _opened.Text, e);
            return new CameraException($"{_opened.Text} ends here: {e.Message}", e);
        }
    }

    private void PlayOnce()
    {
        long before = _publisher.Seen;
        using IPictureReader reader = _opened.Open();
        long read = Read(reader);
        if (_stop.IsStopped)
        {
            return;
        }

        int missing = reader.MissingCount;
        if (missing > 0)
        {
            _feed.Tell($"ended early: {missing} of {read + missing} pictures could not be read");
            LogMissing(_logger, _opened.Text, missing, read + missing);
            for (int i = 0; i < missing; i++)
            {
                _publisher.Lose(DropReason.Unreadable);
            }
        }
        else
        {
            _feed.Tell(reader.Remark.Length > 0 ? $"ended; {reader.Remark}" : "ended");
        }

        if (read == 0 && (_opened.Options.Loop || _publisher.Seen > before))
        {
            throw new CameraException($"None of the {_publisher.Seen - before} pictures of {_opened.Text} could be read. Check the file.");
        }
    }

    private void PlayAndReconnect()
    {
        TimeSpan pause = FirstPause;
        while (!_stop.IsStopped)
        {
            string reason;
            try
            {
                using IPictureReader reader = _opened.Open();
                pause = Read(reader) > 0 ? FirstPause : pause;
                reason = _stop.IsStopped ? "" : reader.EndReason;
            }
            catch (CameraException e) when (e is not CameraChangedException)
            {
                reason = e.Message;
            }

            if (!_stop.IsStopped)
            {
                _feed.Tell(FormattableString.Invariant($"reconnecting in {pause.TotalSeconds:0.#} s: {reason}"));
                LogReconnecting(_logger, _opened.Text, pause.TotalSeconds, reason);
                _stop.Wait(pause);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
        }
    }

    private long Read(IPictureReader reader)
    {
        _feed.Tell("running");
        _reader = reader;
        return _publisher.PublishAll(reader);
    }

    [LoggerMessage(LogLevel.Warning, "{Source} ended early: {Missing} of {Total} pictures could not be read. The file is cut off or damaged.")]
    private static partial void LogMissing(ILogger logger, string source, int missing, long total);

    [LoggerMessage(LogLevel.Warning, "{Source} is opened again in {Seconds} s: {Reason}.")]
    private static partial void LogReconnecting(ILogger logger, string source, double seconds, string reason);

    [LoggerMessage(LogLevel.Error, "{Source} ends here.")]
    private static partial void LogFailed(ILogger logger, string source, Exception exception);
}
