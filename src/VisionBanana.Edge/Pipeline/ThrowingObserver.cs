using Microsoft.Extensions.Logging;
using VisionBanana.Edge.Diagnostics;
using VisionBanana.Edge.Imaging;

namespace VisionBanana.Edge.Pipeline;

/// <summary>Handles observers that break their contract on a thread of the library: it is logged, and the process goes on.</summary>
internal static partial class ThrowingObserver
{
    /// <summary>An observer threw where drops are counted: its frame is lost, the stream goes on.</summary>
    public static void Drop(IFlowCounter counter, Exception error, ILogger logger)
    {
        LogDropped(logger, error);
        try
        {
            counter.Dropped(DropReason.ObserverFailed);
        }
        catch (InvalidOperationException miscounted)
        {
            // It counted the frame itself before it threw.
            LogIgnored(logger, miscounted);
        }
    }

    /// <summary>An observer threw where nobody counts: its stream ends with its error.</summary>
    public static void End<T>(IObserver<T> observer, Exception error, ILogger logger)
    {
        LogEnded(logger, error);
        try
        {
            observer.OnError(error);
        }
        catch (Exception again) when (again is not OutOfMemoryException)
        {
            // Subscribe(onNext) without onError throws the error again, here.
            LogIgnored(logger, again);
        }
    }

    /// <summary>An observer threw when its stream ended: nothing is left to end.</summary>
    public static void Ignore(Exception error, ILogger logger) => LogIgnored(logger, error);

    /// <summary>Takes back what was lent. When an observer gave it back already, that is logged, and nothing else happens.</summary>
    public static void TakeBack(Lease lease, ILogger logger)
    {
        try
        {
            lease.Dispose();
        }
        catch (ObjectDisposedException error)
        {
            LogGivenBackTwice(logger, error, lease.GetType().Name);
        }
    }

    [LoggerMessage(LogLevel.Error, "An observer threw while it handled a frame; the frame is dropped.")]
    private static partial void LogDropped(ILogger logger, Exception exception);

    [LoggerMessage(LogLevel.Error, "An observer threw while it handled a frame; its stream ends.")]
    private static partial void LogEnded(ILogger logger, Exception exception);

    [LoggerMessage(LogLevel.Error, "An observer threw when it was told that its stream ends.")]
    private static partial void LogIgnored(ILogger logger, Exception exception);

    [LoggerMessage(
        LogLevel.Error, "An observer disposed a {Lease} that was only lent to it: inside OnNext a lease is borrowed, who keeps it calls Retain() first.")]
    private static partial void LogGivenBackTwice(ILogger logger, Exception exception, string lease);
}
