using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Diagnostics;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Perception;
using VisionBanana.Edge.Pipeline;

namespace VisionBanana.Edge.Recording;

/// <summary>A camera source whose pictures also go to a recording.</summary>
internal sealed class TappedSource(ICameraSource inner, SourceTap tap) : ICameraSource, IObservable<CameraFrame>
{
    public IObservable<CameraFrame> Frames => this;

    public event Action<DropReason>? Lost
    {
        add => inner.Lost += value;
        remove => inner.Lost -= value;
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

    public IDisposable Subscribe(IObserver<CameraFrame> observer)
    {
        IObserver<CameraFrame> recorder = tap.Open(inner.IsLive);
        return new Subscription(inner.Frames.Subscribe(new Observer(observer, recorder)), recorder);
    }

    private sealed class Observer(IObserver<CameraFrame> observer, IObserver<CameraFrame> recorder) : IObserver<CameraFrame>
    {
        public void OnNext(CameraFrame value)
        {
            recorder.OnNext(value);
            observer.OnNext(value);
        }

        public void OnError(Exception error)
        {
            recorder.OnCompleted();
            observer.OnError(error);
        }

        public void OnCompleted()
        {
            recorder.OnCompleted();
            observer.OnCompleted();
        }
    }

    private sealed class Subscription(IDisposable source, IObserver<CameraFrame> recorder) : IDisposable
    {
        public void Dispose()
        {
            source.Dispose();

            // What is queued is still recorded: the recording waits for it when it is closed.
            recorder.OnCompleted();
        }
    }
}
