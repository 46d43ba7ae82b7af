using VisionBanana.Edge.Diagnostics;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Pipeline;

/// <summary>A camera of a <see cref="SyncGroup"/>.</summary>
internal sealed class SyncedSource(ICameraSource inner, SyncGroup group, int member) : WrappedSource(inner)
{
    public override IDisposable Subscribe(IObserver<CameraFrame> observer) => Inner.Frames.Subscribe(new Observer(this, observer));

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

        Lose(DropReason.LatePartner);
        return false;
    }
}
