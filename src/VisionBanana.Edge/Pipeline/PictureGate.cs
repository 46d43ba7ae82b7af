using System.Reactive.Disposables;
using VisionBanana.Edge.Diagnostics;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Pipeline;

/// <summary>Lets pictures through, or while it is closed none except those asked for one by one.</summary>
internal sealed class PictureGate
{
    private readonly object _lock = new();
    private bool _closed, _oneAsked;

    /// <summary>True while pictures are kept back.</summary>
    public bool IsClosed
    {
        get
        {
            lock (_lock)
            {
                return _closed;
            }
        }

        set
        {
            lock (_lock)
            {
                _closed = value;
                _oneAsked = false;
                Monitor.PulseAll(_lock);
            }
        }
    }

    /// <summary>A closed gate lets the next picture through; an open one does so anyway.</summary>
    public void LetOneThrough()
    {
        lock (_lock)
        {
            _oneAsked = _closed;
            Monitor.PulseAll(_lock);
        }
    }

    /// <summary>The pictures that pass.</summary>
    /// <param name="pictures">Borrowed.</param>
    /// <param name="hold">A closed gate holds the producer back (files: nothing is lost) instead of dropping its pictures.</param>
    /// <param name="counter">Learns of pictures dropped as paused, and of one that was held when the run was stopped.</param>
    public IObservable<CameraFrame> Apply(IObservable<CameraFrame> pictures, bool hold, IFlowCounter counter) =>
        new Gated(this, pictures, hold, counter);

    // Not Observable.Create: its observer unsubscribes when the one downstream throws, which would end a live stream for one bad picture.
    private sealed class Gated(PictureGate gate, IObservable<CameraFrame> pictures, bool hold, IFlowCounter counter) : IObservable<CameraFrame>
    {
        public IDisposable Subscribe(IObserver<CameraFrame> observer)
        {
            var subscription = new Subscription(gate, observer, hold, counter);

            // The gate first: a thread that is held here must be free before the source waits for it.
            return new CompositeDisposable(subscription, pictures.Subscribe(subscription));
        }
    }

    private sealed class Subscription(PictureGate gate, IObserver<CameraFrame> observer, bool hold, IFlowCounter counter) : IObserver<CameraFrame>, IDisposable
    {
        private bool _stopped;

        public void OnNext(CameraFrame value)
        {
            if (WhyNot() is { } reason)
            {
                counter.Dropped(reason);
            }
            else
            {
                observer.OnNext(value);
            }
        }

        public void OnError(Exception error) => observer.OnError(error);

        public void OnCompleted() => observer.OnCompleted();

        public void Dispose()
        {
            lock (gate._lock)
            {
                _stopped = true;
                Monitor.PulseAll(gate._lock);
            }
        }

        private DropReason? WhyNot()
        {
            lock (gate._lock)
            {
                while (gate._closed && !gate._oneAsked)
                {
                    if (_stopped)
                    {
                        return DropReason.Stopped;
                    }

                    if (!hold)
                    {
                        return DropReason.Paused;
                    }

                    Monitor.Wait(gate._lock);
                }

                gate._oneAsked = false;
                return null;
            }
        }
    }
}
