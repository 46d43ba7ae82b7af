using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Diagnostics;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Pipeline;

/// <summary>A camera of a <see cref="SyncGroup"/>.</summary>
internal sealed class SyncedSource(ICameraSource inner, SyncGroup group, int member) : ICameraSource, IObservable<CameraFrame>
{
    private Action<DropReason>? _lost;

    public IObservable<CameraFrame> Frames => this;

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

    public void Dispose() => inner.Dispose();

    public IDisposable Subscribe(IObserver<CameraFrame> observer) => inner.Frames.Subscribe(new Observer(this, observer));

    private sealed class Observer(SyncedSource source, IObserver<CameraFrame> observer) : IObserver<CameraFrame>
    {
        public void OnNext(CameraFrame value)
        {
            if (source.Stamp(value))
            {
                observer.OnNext(value);
            }
        }

        public void OnError(Exception error) => observer.OnError(error);

        public void OnCompleted() => observer.OnCompleted();
    }

    private bool Stamp(CameraFrame picture)
    {
        if (group.StampOf(member, picture.CapturedAt) is { } stamp)
        {
            picture.CapturedAt = stamp;
            return true;
        }

        _lost?.Invoke(DropReason.LatePartner);
        return false;
    }
}
