using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using VisionBanana.Edge.Diagnostics;
using VisionBanana.Edge.Imaging;

namespace VisionBanana.Edge.Pipeline;

/// <summary>Operators that move leases to another thread.</summary>
public static partial class LeaseQueues
{
    /// <summary>
    /// Hands every lease to a thread of its own and makes the producer wait when <paramref name="capacity"/> leases are queued:
    /// for files and recordings, where nothing may be lost.
    /// </summary>
    /// <param name="source">The leases; borrowed, retained while queued.</param>
    /// <param name="capacity">The most leases that wait at once.</param>
    /// <param name="counter">Learns of leases that were queued at unsubscription or whose observer threw; null = nobody counts, and an observer that throws
    /// ends the stream with its error.</param>
    /// <param name="logger">Told of observers that threw.</param>
    public static IObservable<T> KeepAll<T>(this IObservable<T> source, int capacity, IFlowCounter? counter = null, ILogger? logger = null)
        where T : Lease
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        return new LeaseQueue<T>(source, capacity, WhenFull.Wait, counter, logger ?? NullLogger.Instance);
    }
}
