using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;

namespace VisionBanana.Edge.Messages;

/// <summary>
/// Hands the messages of a listener to its subscribers, one message at a time. A subscriber that throws misses what it threw on: that is logged and
/// counted, the other subscribers get the message, and all of them the next one.
/// </summary>
public sealed partial class MessageFeed(ILogger log) : IObservable<ReceivedMessage>
{
    private const int MostTold = 10;

    private ImmutableArray<IObserver<ReceivedMessage>> _observers = [];
    private long _failed;

    /// <summary>How often a subscriber threw.</summary>
    public long FailedCount => Interlocked.Read(ref _failed);

    /// <inheritdoc/>
    public IDisposable Subscribe(IObserver<ReceivedMessage> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        ImmutableInterlocked.Update(ref _observers, static (all, one) => all.Add(one), observer);
        return new Subscription(this, observer);
    }

    /// <summary>Hands out a message.</summary>
    public void Publish(ReceivedMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        foreach (IObserver<ReceivedMessage> observer in _observers)
        {
            Try(observer, message.Topic, message, static (o, m) => o.OnNext(m!));
        }
    }

    /// <summary>Ends the sequence, with an error or without; subscribers are released.</summary>
    public void End(Exception? error = null)
    {
        foreach (IObserver<ReceivedMessage> observer in ImmutableInterlocked.InterlockedExchange(ref _observers, []))
        {
            if (error is null)
            {
                Try(observer, "the end", null, static (o, _) => o.OnCompleted());
            }
            else
            {
                Try(observer, "the end", null, (o, _) => o.OnError(error));
            }
        }
    }

    [SuppressMessage(
        "Design", "CA1031:Do not catch general exception types", Justification = "What a "
            + "subscriber throws is its own: it must not end the thread that receives.")]
    private void Try(IObserver<ReceivedMessage> observer, string about, ReceivedMessage? message, Action<IObserver<ReceivedMessage>, ReceivedMessage?> hand)
    {
        try
        {
            hand(observer, message);
        }
        catch (Exception error)
        {
            if (Interlocked.Increment(ref _failed) <= MostTold)
            {
                LogFailed(log, error, about);
            }
        }
    }

    [LoggerMessage(LogLevel.Error, "A subscriber threw on {About}: it missed that, the next message comes.")]
    private static partial void LogFailed(ILogger logger, Exception exception, string about);

    private sealed class Subscription(MessageFeed feed, IObserver<ReceivedMessage> observer) : IDisposable
    {
        public void Dispose() => ImmutableInterlocked.Update(ref feed._observers, static (all, one) => all.Remove(one), observer);
    }
}
