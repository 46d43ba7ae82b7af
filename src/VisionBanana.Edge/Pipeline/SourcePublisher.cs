using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using VisionBanana.Edge.Diagnostics;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Pipeline;

/// <summary>Publishes the pictures of one subscription at their pace, numbers them, and tells of those that it does not publish.</summary>
internal sealed partial class SourcePublisher
{
    private static readonly TimeSpan PoolPoll = TimeSpan.FromMilliseconds(2), Patience = TimeSpan.FromSeconds(1);

    // So many in a row mean that the camera changed for good, or that it is no camera.
    private const int UnreadableLimit = 100;

    private readonly ISourceFeed _feed;
    private readonly OpenedSource _opened;
    private readonly CameraSourceOptions _options;
    private readonly ObserverGuard<CameraFrame> _observer;
    private readonly StopSignal _stop;
    private readonly Pacer _pacer;
    private readonly StaleDetector _stale = new();
    private readonly object _publishing = new();
    private int _unreadableInRow;

    public SourcePublisher(ISourceFeed feed, OpenedSource opened, ObserverGuard<CameraFrame> observer, StopSignal stop)
    {
        (_feed, _opened, _options, _observer, _stop) = (feed, opened, opened.Options, observer, stop);
        bool paced = !opened.IsLive && !opened.PacesItself && _options.Pace == Pace.FrameRate;
        _pacer = new Pacer(paced ? opened.FramesPerSecond : null, _options.Clock, stop);
    }

    /// <summary>Pictures so far, published or lost: the number of the next one.</summary>
    public long Seen { get; private set; }

    /// <summary>Publishes until the reader is at its end or all is stopped; returns how many pictures were readable.</summary>
    public long PublishAll(IPictureReader reader)
    {
        long read = 0;
        PictureOutcome outcome = PictureOutcome.Read;
        _stale.Reset();
        while (outcome != PictureOutcome.End && !_stop.IsStopped && reader.Grab())
        {
            for (int lost = reader.TakeUnreadable(); lost > 0; lost--)
            {
                Lose(DropReason.Unreadable);
            }

            var capturedAt = CaptureTime.Now(_options.Clock);
            if (!TryRent(out CameraFrame? frame))
            {
                outcome = reader.Skip();
                if (outcome != PictureOutcome.End)
                {
                    Lose(DropReason.PoolExhausted);
                }

                continue;
            }

            try
            {
                outcome = reader.Read(frame);
                if (outcome == PictureOutcome.Read)
                {
                    read++;
                    Take(reader, frame, capturedAt);
                }
                else if (outcome == PictureOutcome.Unreadable)
                {
                    Refuse(reader);
                }
            }
            finally
            {
                ThrowingObserver.TakeBack(frame, _options.Logger);
            }
        }

        return read;
    }

    /// <summary>Counts one picture that is not published. Nothing is counted once the subscription is disposed.</summary>
    public void Lose(DropReason reason)
    {
        lock (_publishing)
        {
            if (!_stop.IsStopped)
            {
                Seen++;
                _feed.Lose(reason);
            }
        }
    }

    /// <summary>Waits until no picture is being published, at most a second.</summary>
    public void WaitUntilQuiet()
    {
        if (Monitor.TryEnter(_publishing, Patience))
        {
            Monitor.Exit(_publishing);
        }
    }

    /// <summary>A file waits until a picture comes back; a live camera does not.</summary>
    private bool TryRent([NotNullWhen(true)] out CameraFrame? frame)
    {
        while (!_feed.Pool.TryRent(out frame))
        {
            if (_opened.IsLive || _stop.Wait(PoolPoll))
            {
                return false;
            }
        }

        return true;
    }

    private void Take(IPictureReader reader, CameraFrame frame, CaptureTime capturedAt)
    {
        _unreadableInRow = 0;
        if (_opened.IsLive && _stale.IsRepeat(frame.Pixels, reader.TimestampMs))
        {
            _feed.Tell("stale: the camera repeats one picture");
            Lose(DropReason.Stale);
            return;
        }

        _feed.Tell("running");
        if (!_opened.IsLive)
        {
            if (WaitForTurn(reader))
            {
                return;
            }

            capturedAt = CaptureTime.Now(_options.Clock);
        }

        Publish(reader, frame, capturedAt);
    }

    /// <summary>Waits until the picture is due; true when stopped meanwhile.</summary>
    private bool WaitForTurn(IPictureReader reader)
    {
        while (reader.UntilDue is { Ticks: > 0 } wait)
        {
            if (_stop.Wait(wait))
            {
                return true;
            }
        }

        return _pacer.WaitForTurn();
    }

    private void Refuse(IPictureReader reader)
    {
        Lose(DropReason.Unreadable);
        LogUnreadable(_options.Logger, _opened.Text, reader.Current);
        if (++_unreadableInRow >= UnreadableLimit && _opened.IsLive)
        {
            throw new CameraChangedException(
                $"{UnreadableLimit} pictures in a row from {_opened.Text} could not be used ({reader.Current}): "
                + "the camera changed its size or format. Open it again.");
        }
    }

    private void Publish(IPictureReader reader, CameraFrame frame, CaptureTime capturedAt)
    {
        lock (_publishing)
        {
            if (_stop.IsStopped)
            {
                return;
            }

            (frame.CapturedAt, frame.SequenceNumber) = (capturedAt, Seen++);
            (frame.FrameId, frame.Intrinsics) = (_options.FrameId, _feed.Intrinsics);
            reader.Label(frame);
            if (!_observer.TryNext(frame))
            {
                _stop.Stop();
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "A picture of {Source} is unreadable or of another size and was dropped: {Picture}.")]
    private static partial void LogUnreadable(ILogger logger, string source, string picture);
}
