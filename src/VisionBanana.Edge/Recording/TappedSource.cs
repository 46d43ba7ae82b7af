using VisionBanana.Edge.Perception;
using VisionBanana.Edge.Pipeline;

namespace VisionBanana.Edge.Recording;

/// <summary>A camera source whose pictures also go to a recording.</summary>
internal sealed class TappedSource(ICameraSource inner, SourceTap tap) : WrappedSource(inner)
{
    public override IDisposable Subscribe(IObserver<CameraFrame> observer)
    {
        IObserver<CameraFrame> recorder = tap.Open(IsLive);
        return new Subscription(Inner.Frames.Subscribe(new Observer(observer, recorder)), recorder);
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
