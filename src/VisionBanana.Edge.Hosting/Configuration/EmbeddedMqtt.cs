using Microsoft.Extensions.Logging;
using VisionBanana.Edge.Diagnostics;
using VisionBanana.Edge.Messages;
using VisionBanana.Edge.Mqtt;
using VisionBanana.Edge.Pipeline;

namespace VisionBanana.Edge.Hosting.Configuration;

/// <summary>A broker in this process and a transport that publishes on it: the broker is opened with the first of them and closed with the last.</summary>
internal sealed class EmbeddedMqtt : IMessageTransport, ICommandTransport
{
    private readonly SharedBroker _shared;
    private readonly MqttTransport _transport;
    private int _disposed;

    private EmbeddedMqtt(SharedBroker shared, MqttTransport transport) => (_shared, _transport) = (shared, transport);

    public string Name => _transport.Name;

    public string State =>
        $"{_transport.State}, embedded{Count(_shared.Broker.CutClients, "clients cut")}{Count(_shared.Broker.RefusedRequests, "requests refused")}"
        + Count(_shared.Broker.DroppedForSlowSubscribers, "messages lost by slow subscribers");

    /// <summary>Puts them together: the broker keeps id and topics of the transport for it.</summary>
    public static IReadOnlyList<EmbeddedMqtt> Create(EmbeddedBroker broker, IReadOnlyList<MqttOptions> cameras, ILogger<MqttTransport> log)
    {
        var shared = new SharedBroker(broker, cameras.Count);
        return [.. cameras.Select(options => new EmbeddedMqtt(shared, new MqttTransport(options, broker, log)))];
    }

    public void Attach(ICommandHandler handler) => _transport.Attach(handler);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await _shared.StartAsync().ConfigureAwait(false);
        await _transport.StartAsync(cancellationToken).ConfigureAwait(false);
    }

    public ValueTask<DropReason?> SendAsync(WireMessage message, CancellationToken cancellationToken) => _transport.SendAsync(message, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            await _transport.DisposeAsync().ConfigureAwait(false);
            await _shared.ReleaseAsync().ConfigureAwait(false);
        }
    }

    private sealed class SharedBroker(EmbeddedBroker broker, int holders)
    {
        private readonly Lock _gate = new();
        private Task? _start;
        private int _holders = holders;

        public EmbeddedBroker Broker => broker;

        public Task StartAsync()
        {
            lock (_gate)
            {
                return _start ??= broker.StartAsync();
            }
        }

        public ValueTask ReleaseAsync() => Interlocked.Decrement(ref _holders) == 0 ? broker.DisposeAsync() : default;
    }

    private static string Count(long number, string what) => number == 0 ? "" : $", {number} {what}";
}
