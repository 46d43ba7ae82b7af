using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Diagnostics;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Pipeline;

/// <summary>
/// The camera source over an <see cref="IPictureReader"/>: pace, stale pictures, reconnection, stopping and what is told of losses are done here.
/// Each subscription opens and closes a reader of its own; nothing is held between them.
/// </summary>
public sealed class ReaderSource : ICameraSource, IObservable<CameraFrame>, ISourceFeed
{
    private readonly OpenedSource _opened;
    private readonly LeasePool<CameraFrame> _pool;
    private volatile string _state = "opened";

    /// <summary>Creates a source; nothing is opened until somebody subscribes.</summary>
    /// <exception cref="CameraException">The calibration does not fit the pictures.</exception>
    public ReaderSource(OpenedSource opened)
    {
        ArgumentNullException.ThrowIfNull(opened);
        _opened = opened;
        Intrinsics = SourceChecks.IntrinsicsFor(opened);
        _pool = SourceChecks.PoolOf(opened.Text, opened.Width, opened.Height, opened.Format, opened.Options.PoolCapacity);
    }

    /// <inheritdoc/>
    public event Action<DropReason>? Lost;

    /// <inheritdoc/>
    public IObservable<CameraFrame> Frames => this;

    /// <inheritdoc/>
    public bool IsLive => _opened.IsLive;

    /// <inheritdoc/>
    public int Width => _opened.Width;

    /// <inheritdoc/>
    public int Height => _opened.Height;

    /// <inheritdoc/>
    public PixelFormat Format => _opened.Format;

    /// <inheritdoc/>
    public CameraIntrinsics? Intrinsics { get; }

    /// <inheritdoc/>
    public double? FramesPerSecond => _opened.FramesPerSecond;

    /// <inheritdoc/>
    public string Description => _opened.Text;

    /// <inheritdoc/>
    public string State => _state;

    LeasePool<CameraFrame> ISourceFeed.Pool => _pool;

    /// <inheritdoc/>
    public IDisposable Subscribe(IObserver<CameraFrame> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        return SourceLoop.Start(this, _opened, observer);
    }

    /// <summary>Ends nothing: each subscription closes what it opened.</summary>
    public void Dispose()
    {
    }

    void ISourceFeed.Tell(string state) => _state = state;

    void ISourceFeed.Lose(DropReason reason) => Lost?.Invoke(reason);
}
