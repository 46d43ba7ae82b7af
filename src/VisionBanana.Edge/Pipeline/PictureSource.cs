using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Diagnostics;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Pipeline;

/// <summary>
/// A camera from code: a delegate that fills pixels. Each subscription reads on a thread of its own until the reader says that there is no more, or it is
/// disposed. One subscription at a time, since there is one reader.
/// </summary>
/// <param name="width">Pixels per row.</param>
/// <param name="height">Rows.</param>
/// <param name="format">Channel order of the pixels.</param>
/// <param name="read">Reads the next picture; may wait for it.</param>
public sealed class PictureSource(int width, int height, PixelFormat format, PictureReader read) : ICameraSource, IObservable<CameraFrame>, ISourceFeed
{
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

    LeasePool<CameraFrame> ISourceFeed.Pool => _pool;

    /// <inheritdoc/>
    public IDisposable Subscribe(IObserver<CameraFrame> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        var options = new CameraSourceOptions { FrameId = FrameId, Pace = Pace.None, Clock = Clock, Logger = Logger };
        var opened = new OpenedSource(
            Description, width, height, IsLive, FramesPerSecond, options, () => new DelegateReader(read, width * height * 3, Clock))
        {
            Format = format,
            Reconnects = false,
        };
        return SourceLoop.Start(this, opened, observer);
    }

    /// <summary>What the reader holds is the caller's.</summary>
    public void Dispose()
    {
    }

    void ISourceFeed.Tell(string state) => _state = state;

    void ISourceFeed.Lose(DropReason reason) => Lost?.Invoke(reason);
}
