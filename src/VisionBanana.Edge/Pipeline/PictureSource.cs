using System.Reactive.Disposables;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Diagnostics;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Pipeline;

/// <summary>
/// A camera of one's own: whatever fills pixels. Each subscription reads on a thread of its own until the reader says that there is no more, or it is
/// disposed. One subscription at a time, since there is one reader.
/// </summary>
/// <param name="width">Pixels per row.</param>
/// <param name="height">Rows.</param>
/// <param name="format">Channel order of the pixels.</param>
/// <param name="read">Reads the next picture; may wait for it.</param>
public sealed class PictureSource(int width, int height, PixelFormat format, PictureReader read) : ICameraSource, IObservable<CameraFrame>
{
    private static readonly TimeSpan PoolPoll = TimeSpan.FromMilliseconds(2);

    private readonly LeasePool<CameraFrame> _pool = CameraFrame.CreatePool(8, width, height, format);
    private readonly CameraIntrinsics? _intrinsics;
    private volatile string _state = "opened";

    /// <inheritdoc/>
    public event Action<DropReason>? Lost;

    /// <inheritdoc/>
    public IObservable<CameraFrame> Frames => this;

    /// <summary>True for a camera: pictures that nobody has room for are lost. False for a file: it waits.</summary>
    public bool IsLive { get; init; } = true;

    /// <inheritdoc/>
    public int Width => width;

    /// <inheritdoc/>
    public int Height => height;

    /// <inheritdoc/>
    public PixelFormat Format => format;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">It is for pictures of another size.</exception>
    public CameraIntrinsics? Intrinsics
    {
        get => _intrinsics;
        init => _intrinsics = value is null || (value.Width == width && value.Height == height)
            ? value
            : throw new ArgumentException($"The calibration is for {value.Width}×{value.Height}, the pictures are {width}×{height}.");
    }

    /// <summary>The coordinate frame of the optical centre (REP-103), copied into every picture.</summary>
    public string FrameId { get; init; } = "camera_optical_frame";

    /// <inheritdoc/>
    public double? FramesPerSecond { get; init; }

    /// <inheritdoc/>
    public string Description { get; init; } = $"pictures of {width}×{height}";

    /// <inheritdoc/>
    public string State => _state;

    /// <summary>Stamps pictures.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Told of observers that threw.</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;

    /// <inheritdoc/>
    public IDisposable Subscribe(IObserver<CameraFrame> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        var stop = new CancellationDisposable();
        new Thread(() => Run(observer, stop.Token)) { IsBackground = true, Name = $"camera {FrameId}" }.Start();
        return stop;
    }

    /// <summary>What the reader holds is the caller's.</summary>
    public void Dispose()
    {
    }

    private void Run(IObserver<CameraFrame> observer, CancellationToken stop)
    {
        byte[] unseen = new byte[width * height * 3];
        _state = "running";
        try
        {
            for (long sequence = 0; !stop.IsCancellationRequested; sequence++)
            {
                if (!TryRent(stop, out CameraFrame? frame))
                {
                    if (stop.IsCancellationRequested || !read(unseen))
                    {
                        break;
                    }

                    Lost?.Invoke(DropReason.PoolExhausted);
                    continue;
                }

                try
                {
                    if (!read(frame!.Pixels) || stop.IsCancellationRequested)
                    {
                        break;
                    }

                    (frame.CapturedAt, frame.SequenceNumber, frame.FrameId, frame.Intrinsics) = (CaptureTime.Now(Clock), sequence, FrameId, Intrinsics);
                    observer.OnNext(frame);
                }
                finally
                {
                    ThrowingObserver.TakeBack(frame!, Logger);
                }
            }

            _state = stop.IsCancellationRequested ? "stopped" : "ended";
            if (!stop.IsCancellationRequested)
            {
                observer.OnCompleted();
            }
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            _state = $"failed: {e.Message}";
            ThrowingObserver.End(observer, e as CameraException ?? new CameraException($"{Description} ended: {e.Message}", e), Logger);
        }
    }

    /// <summary>A file waits until a picture comes back; a live camera does not.</summary>
    private bool TryRent(CancellationToken stop, out CameraFrame? frame)
    {
        while (!_pool.TryRent(out frame))
        {
            if (IsLive || stop.WaitHandle.WaitOne(PoolPoll))
            {
                return false;
            }
        }

        return true;
    }
}
