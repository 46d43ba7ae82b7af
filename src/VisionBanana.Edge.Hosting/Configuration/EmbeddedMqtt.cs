using VisionBanana.Edge.Diagnostics;
using VisionBanana.Edge.Messages;
using VisionBanana.Edge.Mqtt;
using VisionBanana.Edge.Pipeline;

namespace VisionBanana.Edge.Hosting.Configuration;

/// <summary>A broker in this process and the transport that publishes on it, opened and closed as one.</summary>
internal sealed class EmbeddedMqtt(EmbeddedBroker broker, MqttTransport transport) : IMessageTransport, ICommandTransport
{
    public string Name => transport.Name;

    public string State => $"{transport.State}, embedded";

    public void Attach(ICommandHandler handler) => transport.Attach(handler);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await broker.StartAsync().ConfigureAwait(false);
        await transport.StartAsync(cancellationToken).ConfigureAwait(false);
    }

    public ValueTask<DropReason?> SendAsync(WireMessage message, CancellationToken cancellationToken) => transport.SendAsync(message, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await transport.DisposeAsync().ConfigureAwait(false);
        await broker.DisposeAsync().ConfigureAwait(false);
    }
}
