using System.Reactive.Disposables;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using VisionBanana.Edge.Diagnostics;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Pipeline;

/// <summary>The operator that counts what a camera delivers.</summary>
public static class CountedOperator
{
    /// <summary>
    /// The pictures of a source, each counted as captured: those that it delivers, and those that it tells as lost, which are counted as dropped too.
    /// A <see cref="PerceptionPipeline"/> does this itself. Where drops are counted, one bad picture or observer does not end a live stream.
    /// </summary>
    /// <param name="source">The camera.</param>
    /// <param name="counter">Learns of every picture.</param>
    /// <param name="logger">Told of observers that threw.</param>
    public static IObservable<CameraFrame> Counted(this ICameraSource source, IFlowCounter counter, ILogger? logger = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(counter);
        return new CountedSource(source, counter, logger ?? NullLogger.Instance);
    }
}

internal sealed class CountedSource(ICameraSource source, IFlowCounter counter, ILogger logger) : IObservable<CameraFrame>
{
    public IDisposable Subscribe(IObserver<CameraFrame> observer)
    {
        var subscription = new Subscription(source, observer, counter, logger);
        subscription.Start();
        return subscription;
    }

    private sealed class Subscription(ICameraSource source, IObserver<CameraFrame> observer, IFlowCounter counter, ILogger logger)
        : IObserver<CameraFrame>, IDisposable
    {
        private readonly SingleAssignmentDisposable _frames = new();

        public void Start()
        {
            source.Lost += OnLost;
            _frames.Disposable = source.Frames.Subscribe(this);
        }

        public void OnNext(CameraFrame value)
        {
            counter.Captured();
            try
            {
                observer.OnNext(value);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                ThrowingObserver.Drop(counter, e, logger);
            }
        }

        public void OnError(Exception error) => observer.OnError(error);

        public void OnCompleted() => observer.OnCompleted();

        public void Dispose()
        {
            _frames.Dispose();
            source.Lost -= OnLost;
        }

        private void OnLost(DropReason reason)
        {
            counter.Captured();
            counter.Dropped(reason);
        }
    }
}
