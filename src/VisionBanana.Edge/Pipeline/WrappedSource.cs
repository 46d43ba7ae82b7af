using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Diagnostics;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Pipeline;

/// <summary>A camera source around another, whose it takes everything but what is done with its pictures. Disposing it closes the inner one.</summary>
internal abstract class WrappedSource(ICameraSource inner) : ICameraSource, IObservable<CameraFrame>
{
    private Action<DropReason>? _lost;

    public IObservable<CameraFrame> Frames => this;

    /// <summary>What the inner source lost, and what is lost here (<see cref="Lose"/>).</summary>
    public event Action<DropReason>? Lost
    {
        add
        {
            inner.Lost += value;
            _lost += value;
        }

        remove
        {
            inner.Lost -= value;
            _lost -= value;
        }
    }

    public bool IsLive => inner.IsLive;

    public int Width => inner.Width;

    public int Height => inner.Height;

    public PixelFormat Format => inner.Format;

    public CameraIntrinsics? Intrinsics => inner.Intrinsics;

    public string? CalibrationProblem => inner.CalibrationProblem;

    public double? FramesPerSecond => inner.FramesPerSecond;

    public string Description => inner.Description;

    public string State => inner.State;

    protected ICameraSource Inner => inner;

    public void Dispose() => inner.Dispose();

    public abstract IDisposable Subscribe(IObserver<CameraFrame> observer);

    protected void Lose(DropReason reason) => _lost?.Invoke(reason);
}
