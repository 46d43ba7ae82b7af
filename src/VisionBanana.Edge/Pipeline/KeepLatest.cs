using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using VisionBanana.Edge.Diagnostics;
using VisionBanana.Edge.Imaging;

namespace VisionBanana.Edge.Pipeline;

public static partial class LeaseQueues
{
    /// <summary>
    /// Hands leases to a thread of its own and keeps only the newest while that thread is busy: for live cameras, where an old
    /// picture is worth less than none. The replaced lease is counted as <see cref="DropReason.Superseded"/>; the producer never waits.
    /// </summary>
    /// <param name="source">The leases; borrowed, retained while queued.</param>
    /// <param name="counter">Learns of every drop; null = nobody counts, and an observer that throws
    /// ends the stream with its error.</param>
    /// <param name="logger">Told of observers that threw.</param>
    public static IObservable<T> KeepLatest<T>(this IObservable<T> source, IFlowCounter? counter = null, ILogger? logger = null)
        where T : Lease
    {
        ArgumentNullException.ThrowIfNull(source);
        return new LeaseQueue<T>(source, capacity: 1, WhenFull.DropOldest, counter, logger ?? NullLogger.Instance);
    }
}
