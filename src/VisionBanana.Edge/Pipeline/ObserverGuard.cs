using Microsoft.Extensions.Logging;

namespace VisionBanana.Edge.Pipeline;

/// <summary>
/// Stands between the thread of a source and an observer from outside the library: what the observer throws is logged and ends its stream with
/// <c>OnError</c>, not the process. For sources with a thread of their own.
/// </summary>
/// <param name="observer">Who gets the pictures.</param>
/// <param name="logger">Told what the observer threw.</param>
internal sealed class ObserverGuard<T>(IObserver<T> observer, ILogger logger)
{
    private volatile Exception? _failure;

    /// <summary>What the observer threw; null while it has not. It gets nothing more then.</summary>
    public Exception? Failure => _failure;

    /// <summary>Hands a value on; false when the observer threw, now or before.</summary>
    public bool TryNext(T value)
    {
        if (_failure is not null)
        {
            return false;
        }

        try
        {
            observer.OnNext(value);
            return true;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            _failure = e;
            ThrowingObserver.End(observer, e, logger);
            return false;
        }
    }

    /// <summary>Ends the stream: with an error, or well. Says nothing to an observer that threw.</summary>
    public void End(Exception? error)
    {
        if (_failure is not null)
        {
            return;
        }

        try
        {
            if (error is null)
            {
                observer.OnCompleted();
            }
            else
            {
                observer.OnError(error);
            }
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            _failure = e;
            ThrowingObserver.Ignore(e, logger);
        }
    }
}
