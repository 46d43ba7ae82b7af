using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Diagnostics;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Perception;
using VisionBanana.Edge.Pipeline;

namespace VisionBanana.Edge.OpenCv.Sources;

/// <summary>The one camera source over the readers of this assembly; each subscription runs a <see cref="PictureLoop"/> of its own.</summary>
internal sealed class OpenCvCameraSource : ICameraSource, IObservable<CameraFrame>
{
    private readonly SourceDescription _description;
    private volatile string _state = "opened";

    public OpenCvCameraSource(SourceDescription description)
    {
        _description = description;
        Intrinsics = SourceChecks.IntrinsicsFor(description);
        Pool = CameraFrame.CreatePool(description.Options.PoolCapacity, description.Width, description.Height, description.Format);
    }

    public IObservable<CameraFrame> Frames => this;

    public event Action<DropReason>? Lost;

    public bool IsLive => _description.IsLive;

    public int Width => _description.Width;

    public int Height => _description.Height;

    public PixelFormat Format => _description.Format;

    public CameraIntrinsics? Intrinsics { get; }

    public double? FramesPerSecond => _description.FramesPerSecond;

    public string Description => _description.Text;

    public string State
    {
        get => _state;
        internal set => _state = value;
    }

    internal LeasePool<CameraFrame> Pool { get; }

    /// <summary>Each subscription opens and closes its own reader: nothing is held between them.</summary>
    public void Dispose()
    {
    }

    internal void Lose(DropReason reason) => Lost?.Invoke(reason);

    public IDisposable Subscribe(IObserver<CameraFrame> observer)
    {
        var loop = new PictureLoop(this, _description, observer);
        loop.Start();
        return loop;
    }
}
