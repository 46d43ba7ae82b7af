using VisionBanana.Edge.Diagnostics;

namespace VisionBanana.Edge.Messages;

/// <summary>
/// Carries the messages of several cameras over one connection, each under the topics of its camera. Called by one worker at a time. Never throws into a
/// pipeline: what cannot be sent comes back as the reason. <see cref="SharedTransport"/> makes a transport of it for each camera.
/// </summary>
public interface ISharedTransport : IAsyncDisposable
{
    /// <summary>Name in reports, e.g. <c>zeromq</c>.</summary>
    string Name { get; }

    /// <summary>What it is connected to and whether it is, in one line for people.</summary>
    string State { get; }

    /// <summary>Checks and opens what can be checked before the first frame.</summary>
    /// <exception cref="TransportException">The endpoint cannot be bound or reached; the message says what to do.</exception>
    Task StartAsync(CancellationToken cancellationToken);

    /// <summary>As <see cref="IMessageTransport.SendAsync"/>, for one camera of the device.</summary>
    /// <param name="camera">The camera's name in topics.</param>
    /// <param name="message">What is sent; its payload may be reused once the task completes.</param>
    /// <param name="cancellationToken">The sink is being closed.</param>
    ValueTask<DropReason?> SendAsync(string camera, WireMessage message, CancellationToken cancellationToken);
}
