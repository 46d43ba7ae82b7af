using System.Net.Sockets;
using MQTTnet.Server;

namespace VisionBanana.Edge.Mqtt;

/// <summary>
/// A small MQTT broker in this process, so that a demo or a single robot needs nothing installed. It keeps retained messages in memory
/// and knows no users; many subscribers or a network belong on a broker of their own (Mosquitto, EMQX, HiveMQ).
/// </summary>
public sealed class EmbeddedBroker : IAsyncDisposable
{
    private readonly EmbeddedBrokerOptions _options;
    private readonly MqttServer _server;
    private long _dropped;

    /// <summary>Prepares a broker; nothing is opened yet.</summary>
    /// <exception cref="ConfigurationException">An option is out of its range.</exception>
    public EmbeddedBroker(EmbeddedBrokerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Port is < 1 or > 65535)
        {
            throw new ConfigurationException($"The port of the embedded broker is 1 to 65535, found {options.Port}.");
        }

        if (options.PendingMessages < 1)
        {
            throw new ConfigurationException($"At least one message may wait for a subscriber, found {options.PendingMessages}.");
        }

        _options = options;
        MqttServerOptionsBuilder builder = new MqttServerOptionsBuilder()
            .WithDefaultEndpoint()
            .WithDefaultEndpointPort(options.Port)
            .WithMaxPendingMessagesPerClient(options.PendingMessages)
            .WithPendingMessagesOverflowStrategy(MqttPendingMessagesOverflowStrategy.DropOldestQueuedMessage);
        bool v6 = options.Address.AddressFamily == AddressFamily.InterNetworkV6;
        builder.WithDefaultEndpointBoundIPAddress(v6 ? System.Net.IPAddress.None : options.Address);
        builder.WithDefaultEndpointBoundIPV6Address(v6 ? options.Address : System.Net.IPAddress.None);
        _server = new MqttServerFactory().CreateMqttServer(builder.Build(), [new NamingAdapter()]);
        _server.ValidatingConnectionAsync += args =>
        {
            // A client of MQTT 5 may leave its id to the broker, as mosquitto_sub and mosquitto_rr do.
            args.AssignedClientIdentifier = string.IsNullOrEmpty(args.ClientId) ? $"auto-{Guid.NewGuid():N}" : null;
            return Task.CompletedTask;
        };
        _server.QueuedApplicationMessageOverwrittenAsync += _ =>
        {
            Interlocked.Increment(ref _dropped);
            return Task.CompletedTask;
        };
    }

    /// <summary>Where it listens.</summary>
    public string Address => $"mqtt://{_options.Address}:{_options.Port}";

    /// <summary>Messages that slow subscribers lost here.</summary>
    public long DroppedForSlowSubscribers => Interlocked.Read(ref _dropped);

    /// <summary>Opens the port.</summary>
    /// <exception cref="TransportException">The port cannot be opened; the message says what to do.</exception>
    public async Task StartAsync()
    {
        try
        {
            await _server.StartAsync().ConfigureAwait(false);
        }
        catch (SocketException error) when (error.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            throw new TransportException(
                $"Port {_options.Port} on {_options.Address} is in use, probably by a broker that runs already (`ss -ltnp` shows which). " +
                "Publish to that one, or choose another port for the embedded broker.", error);
        }
        catch (SocketException error)
        {
            throw new TransportException($"The embedded broker cannot listen on {_options.Address}:{_options.Port}: {error.Message}", error);
        }
    }

    /// <summary>Closes all connections and the port.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_server.IsStarted)
        {
            await _server.StopAsync(new MqttServerStopOptions()).ConfigureAwait(false);
        }

        _server.Dispose();
    }
}
