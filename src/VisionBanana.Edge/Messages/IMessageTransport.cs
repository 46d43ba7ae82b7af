using VisionBanana.Edge.Diagnostics;

namespace VisionBanana.Edge.Messages;

/// <summary>
/// Carries messages to subscribers. Called by one worker at a time. Never throws into the pipeline:
/// what cannot be sent comes back as the reason.
/// </summary>
public interface IMessageTransport : IAsyncDisposable
{
    /// <summary>Name in reports, e.g. <c>mqtt</c>.</summary>
    string Name { get; }

    /// <summary>What it is connected to and whether it is, in one line for people.</summary>
    string State { get; }

    /// <summary>Checks and opens what can be checked before the first frame.</summary>
    /// <exception cref="TransportException">The endpoint cannot be bound or reached; the message says what to do.</exception>
    Task StartAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Sends one message and returns null, or the reason why it was not sent. The payload may be reused once the task completes.
    /// A message with <see cref="WireMessage.IsState"/> is kept and given to late subscribers and after reconnects.
    /// </summary>
    ValueTask<DropReason?> SendAsync(WireMessage message, CancellationToken cancellationToken);
}
