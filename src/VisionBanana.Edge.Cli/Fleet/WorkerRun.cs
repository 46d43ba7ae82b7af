using Microsoft.Extensions.Logging;
using VisionBanana.Edge.Diagnostics;
using VisionBanana.Edge.Messages;
using VisionBanana.Edge.Mqtt;

namespace VisionBanana.Edge.Cli.Fleet;

/// <summary>
/// A worker: takes pictures of a group one after the other and answers each under its robot's own topics. The order of what it does with one is what
/// keeps answers single: turn → still worth it? → acknowledged → decoded and painted → published on the same connection → told to the robot. A picture
/// that ends the process was acknowledged: no broker hands it to the next worker.
/// </summary>
internal sealed partial class WorkerRun : IAsyncDisposable
{
    /// <summary>Pictures that are told one by one; of later ones one now and then: a robot that sends nonsense does not fill the log.</summary>
    private const int AlwaysTold = 20;

    /// <summary>Time for what it has taken already, once it is told to end.</summary>
    public static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(4);

    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan RigLimit = TimeSpan.FromSeconds(1), Drained = TimeSpan.FromMilliseconds(400);

    private readonly WorkerParts _parts;
    private readonly PictureTakerOptions _own;
    private readonly PictureTaker _taker;
    private readonly RobotCache _robots;
    private readonly Dictionary<CameraAddress, RobotClock> _clocks = [];
    private readonly int _mostClocks;
    private readonly WorkerBooks _books;
    private readonly long _startNs;
    private long _told, _lastTold;

    /// <summary>Puts it together; nothing is opened yet. The parts stay the caller's.</summary>
    /// <param name="mqtt">Which broker.</param>
    /// <param name="own">Which pictures, and whose model paints.</param>
    /// <param name="parts">What paints.</param>
    /// <param name="robots">Cameras that it keeps tables of at once.</param>
    /// <param name="books">Counts.</param>
    /// <exception cref="ConfigurationException">An option cannot work.</exception>
    public WorkerRun(MqttOptions mqtt, PictureTakerOptions own, WorkerParts parts, int robots, WorkerBooks books)
    {
        (_parts, _own, _books, _mostClocks) = (parts, own, books, robots * 4);
        _taker = new PictureTaker(mqtt, own, parts.Log, parts.Clock);
        _robots = new RobotCache(parts, robots);
        _startNs = CaptureTime.MonotonicNow(parts.Clock);
    }

    /// <summary>Broker and state in one line.</summary>
    public string State => _taker.State;

    /// <summary>True while pictures can come.</summary>
    public bool IsConnected => _taker.Current is not null;

    /// <summary>Cameras that it has tables of.</summary>
    public int RobotCount => _robots.Count;

    /// <summary>Messages that were no pictures of the group.</summary>
    public long MalformedCount => _taker.MalformedCount;

    /// <summary>Pictures that the broker sent beyond what was asked for.</summary>
    public long TooManyCount => _taker.TooManyCount;

    /// <summary>Seconds since it began.</summary>
    public double ElapsedS => (CaptureTime.MonotonicNow(_parts.Clock) - _startNs) / 1e9;

    /// <summary>Opens the connection: pictures come from then on.</summary>
    /// <exception cref="TransportException">The broker is required and not there, does not let us in, or the group paints with another model.</exception>
    public Task StartAsync(CancellationToken cancellationToken) => _taker.StartAsync(cancellationToken);

    /// <summary>Answers until it is cancelled, then what it has taken already.</summary>
    /// <exception cref="InferenceException">The painter is gone for good.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (await _taker.Pictures.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
            {
                await AnswerAllAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await DrainAsync().ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _taker.DisposeAsync();

    /// <summary>A worker that is stopped in order loses nothing: it takes no more, and answers what the broker had queued for it.</summary>
    private async Task DrainAsync()
    {
        await _taker.StopAsync().ConfigureAwait(false);
        using var limit = new CancellationTokenSource(DrainLimit);
        while (!limit.IsCancellationRequested)
        {
            using var quiet = CancellationTokenSource.CreateLinkedTokenSource(limit.Token);
            quiet.CancelAfter(Drained);
            try
            {
                if (!await _taker.Pictures.WaitToReadAsync(quiet.Token).ConfigureAwait(false))
                {
                    return;
                }

                await AnswerAllAsync(limit.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (quiet.IsCancellationRequested)
            {
                return;
            }
        }
    }

    /// <summary>Answers what is here; told to end, it leaves the others where they are.</summary>
    private async Task AnswerAllAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested && _taker.Pictures.TryRead(out TakenPicture? taken))
        {
            long start = CaptureTime.MonotonicNow(_parts.Clock);
            _books.Take();
            using (taken)
            {
                await AnswerAsync(taken).ConfigureAwait(false);
            }

            _books.Busy(CaptureTime.MonotonicNow(_parts.Clock) - start);
        }
    }

    private async Task AnswerAsync(TakenPicture taken)
    {
        if (_taker.Current != taken.Session)
        {
            // The broker knows no answer of this connection any more: the picture is another's by now, or nobody's.
            _books.Drop(DropReason.NotConnected);
            return;
        }

        long ageNs = ClockOf(taken.Camera).AgeOf(taken.Taken.UtcNs, taken.Picture.CapturedNs);
        (WorkerRobot? robot, string why) = await _robots.FindAsync(taken, () => _taker.FindRigAsync(taken, RigLimit, CancellationToken.None))
            .ConfigureAwait(false);
        if (!await TryAcknowledgeAsync(taken).ConfigureAwait(false))
        {
            _books.Drop(DropReason.NotConnected);
            return;
        }

        if (WhyNot(taken, robot, why, ageNs) is { } refused)
        {
            await DropAsync(taken, refused.Reason, refused.Why).ConfigureAwait(false);
            return;
        }

        if (await PaintAsync(taken, robot!, ageNs).ConfigureAwait(false) is { } failure)
        {
            await DropAsync(taken, failure.Reason, failure.Why).ConfigureAwait(false);
            return;
        }

        _books.Answer(taken.Camera);
        await _taker.TellAsync(taken, ReceiptOf(taken, null, null)).ConfigureAwait(false);
    }

    /// <summary>Paints and publishes; null, or why not. What a robot says may end the answer to its picture, never the worker.</summary>
    private static async Task<(DropReason Reason, string Why)?> PaintAsync(TakenPicture taken, WorkerRobot robot, long ageNs)
    {
        try
        {
            if (robot.Perceive(taken, ageNs, out EncodedFrame? encoded) is { } failure)
            {
                return failure;
            }

            using (encoded)
            {
                return await robot.PublishAsync(taken, encoded!).ConfigureAwait(false) is { } unsent ? (unsent, "") : null;
            }
        }
        catch (Exception e) when (e is not (InferenceException or OutOfMemoryException))
        {
            return (DropReason.Refused, e.Message);
        }
    }

    private (DropReason Reason, string Why)? WhyNot(TakenPicture taken, WorkerRobot? robot, string why, long ageNs)
    {
        if (robot is null)
        {
            return (DropReason.Refused, why);
        }

        if (taken.Picture.Payload.Length > _own.MaxPictureBytes)
        {
            return (DropReason.TooLarge, $"{taken.Picture.Payload.Length} bytes, this worker takes {_own.MaxPictureBytes}");
        }

        if (robot.WhyNotCalibrated is { } uncalibrated)
        {
            return (DropReason.NotCalibrated, uncalibrated);
        }

        if (robot.Repeats(taken.Picture))
        {
            return (DropReason.Repeated, "it was taken here before");
        }

        // As old as it is now: it waited here too.
        long now = ageNs + CaptureTime.MonotonicNow(_parts.Clock) - taken.Taken.MonotonicNs;
        return now > robot.MaxAge.Ticks * 100 ? (DropReason.TooOld, $"{now / 1_000_000} ms old, worth {robot.MaxAge.TotalMilliseconds:0} ms") : null;
    }

    private async Task<bool> TryAcknowledgeAsync(TakenPicture taken)
    {
        try
        {
            await taken.AcknowledgeAsync(CancellationToken.None).ConfigureAwait(false);
            return true;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            _taker.Abandon(taken, e.Message);
            return false;
        }
    }

    private async Task DropAsync(TakenPicture taken, DropReason reason, string why)
    {
        _books.Drop(reason);
        if (why.Length > 0 && reason is not DropReason.TooOld && (_told++ < AlwaysTold || _parts.Clock.GetElapsedTime(_lastTold) > Quiet))
        {
            _lastTold = _parts.Clock.GetTimestamp();
            LogDropped(_parts.Log, taken.Picture.SequenceNumber, taken.Camera, reason, why);
        }

        await _taker.TellAsync(taken, ReceiptOf(taken, reason, why.Length > 0 ? why : null)).ConfigureAwait(false);
    }

    private RobotClock ClockOf(CameraAddress camera)
    {
        if (!_clocks.TryGetValue(camera, out RobotClock? clock))
        {
            if (_clocks.Count >= _mostClocks)
            {
                _clocks.Clear();
            }

            _clocks[camera] = clock = new RobotClock();
        }

        return clock;
    }

    private Receipt ReceiptOf(TakenPicture taken, DropReason? dropped, string? why) => new()
    {
        SequenceNumber = taken.Picture.SequenceNumber,
        CapturedNs = taken.Picture.CapturedNs,
        Dropped = dropped,
        Why = why,
        Worker = _own.Worker,
        Model = _own.Model,
        ModelSha256 = _own.ModelSha256,
        TakenNs = taken.Taken.UtcNs,
        WrittenNs = CaptureTime.Now(_parts.Clock).UtcNs,
    };

    [LoggerMessage(LogLevel.Warning, "Picture {Number} of {Camera} is not answered ({Reason}): {Why}")]
    private static partial void LogDropped(ILogger logger, long number, CameraAddress camera, DropReason reason, string why);
}
