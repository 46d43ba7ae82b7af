namespace VisionBanana.Edge.Messages;

/// <summary>Hears what devices publish: the subscriber's side of <see cref="IMessageTransport"/>.</summary>
public interface IMessageListener : IAsyncDisposable
{
    /// <summary>Name in reports, e.g. <c>mqtt</c>.</summary>
    string Name { get; }

    /// <summary>What it is connected to and whether it is, in one line for people.</summary>
    string State { get; }

    /// <summary>The messages as they come, one at a time; subscribe before <see cref="StartAsync"/>. Payloads are borrowed inside <c>OnNext</c>.</summary>
    IObservable<ReceivedMessage> Messages { get; }

    /// <summary>Begins to listen.</summary>
    /// <exception cref="TransportException">The endpoint cannot be reached; the message says what to do.</exception>
    Task StartAsync(CancellationToken cancellationToken);
}
