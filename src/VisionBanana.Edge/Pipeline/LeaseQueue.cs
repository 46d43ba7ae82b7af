using System.Reactive.Disposables;
using Microsoft.Extensions.Logging;
using VisionBanana.Edge.Diagnostics;
using VisionBanana.Edge.Imaging;

namespace VisionBanana.Edge.Pipeline;

/// <summary>What a queue does with a producer that is ahead.</summary>
internal enum WhenFull
{
    /// <summary>The producer waits.</summary>
    Wait,

    /// <summary>The oldest lease makes room and is counted as superseded.</summary>
    DropOldest,
}

/// <summary>A bounded queue of leases with one delivering thread per subscription.</summary>
internal sealed class LeaseQueue<T>(IObservable<T> source, int capacity, WhenFull whenFull, IFlowCounter? counter, ILogger logger) : IObservable<T>
    where T : Lease
{
    public IDisposable Subscribe(IObserver<T> observer)
    {
        var subscription = new Subscription(observer, capacity, whenFull, counter, logger);
        return new CompositeDisposable(subscription, subscription.Start(source));
    }

    private sealed class Subscription(IObserver<T> observer, int capacity, WhenFull whenFull, IFlowCounter? counter, ILogger logger) : IObserver<T>, IDisposable
    {
        private readonly object _gate = new();
        private readonly Queue<T> _queue = new(capacity);
        private bool _stopped;
        private bool _completed;
        private Exception? _error;

        public IDisposable Start(IObservable<T> source)
        {
            new Thread(Deliver) { IsBackground = true, Name = $"{typeof(T).Name} queue" }.Start();
            return source.Subscribe(this);
        }

        public void OnNext(T value)
        {
            T? superseded = null;
            lock (_gate)
            {
                while (_queue.Count == capacity && whenFull == WhenFull.Wait && !_stopped)
                {
                    Monitor.Wait(_gate);
                }

                if (_stopped)
                {
                    counter?.Dropped(DropReason.Stopped);
                    return;
                }

                if (_queue.Count == capacity)
                {
                    superseded = _queue.Dequeue();
                }

                value.Retain();
                _queue.Enqueue(value);
                Monitor.PulseAll(_gate);
            }

            if (superseded is not null)
            {
                superseded.Dispose();
                counter?.Dropped(DropReason.Superseded);
            }
        }

        public void OnError(Exception error) => End(error);

        public void OnCompleted() => End(null);

        public void Dispose()
        {
            lock (_gate)
            {
                _stopped = true;
                while (_queue.TryDequeue(out T? waiting))
                {
                    waiting.Dispose();
                    counter?.Dropped(DropReason.Stopped);
                }

                Monitor.PulseAll(_gate);
            }
        }

        private void End(Exception? error)
        {
            lock (_gate)
            {
                _completed = true;
                _error ??= error;
                Monitor.PulseAll(_gate);
            }
        }

        private void Deliver()
        {
            while (TryTake(out T? lease))
            {
                try
                {
                    observer.OnNext(lease);
                }
                catch (Exception e) when (counter is not null && e is not OutOfMemoryException)
                {
                    // Where drops are counted, one bad picture or observer does not end a live stream.
                    ThrowingObserver.Drop(counter, e, logger);
                }
                catch (Exception e) when (e is not OutOfMemoryException)
                {
                    Dispose();
                    ThrowingObserver.End(observer, e, logger);
                    return;
                }
                finally
                {
                    ThrowingObserver.TakeBack(lease, logger);
                }
            }
        }

        private bool TryTake([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out T? lease)
        {
            lock (_gate)
            {
                while (_queue.Count == 0 && !_completed && !_stopped)
                {
                    Monitor.Wait(_gate);
                }

                if (_queue.TryDequeue(out lease))
                {
                    Monitor.PulseAll(_gate);
                    return true;
                }

                if (_stopped)
                {
                    return false;
                }
            }

            // The end is told after the last lease was delivered, outside the lock.
            if (_error is null)
            {
                observer.OnCompleted();
            }
            else
            {
                observer.OnError(_error);
            }

            return false;
        }
    }
}
