using VisionBanana.Edge.Diagnostics;
using VisionBanana.Edge.Imaging;

namespace VisionBanana.Edge.Pipeline;

/// <summary>The operator that ends a stream after a number of leases.</summary>
public static class StopAfterOperator
{
    /// <summary>
    /// Passes <paramref name="count"/> leases on, stops the source and completes. Unlike <c>Take</c> it stops the source before
    /// the last <c>OnNext</c> returns, so that no further picture is captured, and counts one that was all the same.
    /// </summary>
    public static IObservable<T> StopAfter<T>(this IObservable<T> source, long count, IFlowCounter? counter = null)
        where T : Lease
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        return new StopAfterObservable<T>(source, count, counter);
    }

    private sealed class StopAfterObservable<T>(IObservable<T> source, long count, IFlowCounter? counter) : IObservable<T>
        where T : Lease
    {
        public IDisposable Subscribe(IObserver<T> observer)
        {
            var subscription = new Subscription<T>(observer, count, counter);
            subscription.Upstream.TrySetResult(source.Subscribe(subscription));
            return subscription;
        }
    }

    private sealed class Subscription<T>(IObserver<T> observer, long count, IFlowCounter? counter) : IObserver<T>, IDisposable
        where T : Lease
    {
        private readonly int _subscriber = Environment.CurrentManagedThreadId;
        private long _remaining = count;

        public TaskCompletionSource<IDisposable> Upstream { get; } = new();

        public void OnNext(T value)
        {
            if (_remaining == 0)
            {
                counter?.Dropped(DropReason.Stopped);
                return;
            }

            _remaining--;
            observer.OnNext(value);
            if (_remaining == 0)
            {
                // A source that pushes while it is being subscribed to cannot be stopped earlier than that.
                if (Environment.CurrentManagedThreadId != _subscriber)
                {
                    Dispose();
                }

                observer.OnCompleted();
            }
        }

        public void OnError(Exception error)
        {
            if (_remaining > 0)
            {
                observer.OnError(error);
            }
        }

        public void OnCompleted()
        {
            if (_remaining > 0)
            {
                observer.OnCompleted();
            }
        }

        public void Dispose() => Upstream.Task.GetAwaiter().GetResult().Dispose();
    }
}
