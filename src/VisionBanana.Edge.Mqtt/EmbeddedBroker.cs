using System.Buffers;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using MQTTnet;
using MQTTnet.Packets;
using MQTTnet.Server;
using VisionBanana.Edge.Diagnostics;

namespace VisionBanana.Edge.Mqtt;

/// <summary>
/// A small MQTT broker in this process, so that a demo or a single robot needs nothing installed. It keeps retained messages in memory; what
/// clients may cost is limited. Guests get QoS 0. Robots, many subscribers or a network belong on a broker of their own (Mosquitto, EMQX, HiveMQ).
/// </summary>
public sealed partial class EmbeddedBroker : IAsyncDisposable
{
    private static readonly TimeSpan FarewellLimit = TimeSpan.FromSeconds(2);

    private readonly EmbeddedBrokerOptions _options;
    private readonly ILogger _log;
    private readonly TimeProvider _clock;
    private readonly SharedPayloads _payloads = new();
    private readonly BrokerDoor _door;
    private readonly BrokerRights _rights;
    private readonly MqttServer _server;
    private long _dropped;

    /// <summary>Prepares a broker; nothing is opened yet.</summary>
    /// <param name="options">Where it listens, whom it lets in and what they may cost.</param>
    /// <param name="log">Told whom it refused or cut.</param>
    /// <param name="clock">Measures how long clients take.</param>
    /// <exception cref="ConfigurationException">An option is out of its range, or the password of a user is not there.</exception>
    public EmbeddedBroker(EmbeddedBrokerOptions options, ILogger<EmbeddedBroker>? log = null, TimeProvider? clock = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        Check(options);
        (_options, _log, _clock) = (options, log ?? NullLogger<EmbeddedBroker>.Instance, clock ?? TimeProvider.System);
        _door = new BrokerDoor(options, _payloads, _log, _clock);
        _rights = new BrokerRights(options, _log);
        MqttServerOptions server = new MqttServerOptionsBuilder()
            .WithoutDefaultEndpoint()
            .WithDefaultCommunicationTimeout(options.Limits.ConnectTimeout)
            .WithMaxPendingMessagesPerClient(options.PendingMessages)
            .WithPendingMessagesOverflowStrategy(MqttPendingMessagesOverflowStrategy.DropOldestQueuedMessage)
            .Build();
        _server = new MqttServerFactory().CreateMqttServer(server, [_door]);
        _server.ValidatingConnectionAsync += args => Done(() => _rights.Validate(args, _door.GuestCount));
        _server.InterceptingPublishAsync += args => Done(() => _rights.Publish(args));
        _server.InterceptingSubscriptionAsync += args => Done(() => _rights.Subscribe(args));
        _server.InterceptingUnsubscriptionAsync += args => Done(() => BrokerRights.Unsubscribe(args));
        _server.InterceptingClientEnqueueAsync += args => Done(() =>
        {
            _payloads.Retain(args.ApplicationMessage.Payload);
            _door.Find(args.ReceiverClientId)?.Queue(args.ApplicationMessage.Payload.Length);
            _door.CutTheSlowest();
        });
        _server.QueuedApplicationMessageOverwrittenAsync += args => Done(() =>
        {
            Interlocked.Increment(ref _dropped);
            if (args.Packet is MqttPublishPacket dropped)
            {
                _door.Find(args.ReceiverClientId)?.Queue(-dropped.Payload.Length);
                _payloads.Release(dropped.Payload);
            }
        });
    }

    /// <summary>Where it listens.</summary>
    public string Address => $"mqtt://{new IPEndPoint(_options.Address, _options.Port)}";

    /// <summary>Messages that slow subscribers lost here.</summary>
    public long DroppedForSlowSubscribers => Interlocked.Read(ref _dropped);

    /// <summary>Clients that were cut because they exceeded a limit or did not read.</summary>
    public long CutClients => _door.CutCount;

    /// <summary>What clients asked for and did not get: to come in, to publish, to subscribe, to retain.</summary>
    public long RefusedRequests => _rights.RefusedCount;

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

        if (!IPAddress.IsLoopback(_options.Address) && _options.Users.IsEmpty)
        {
            LogOpen(Address);
        }
    }

    /// <summary>Says goodbye to all clients, cuts those that do not read within two seconds, and closes the port.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_server.IsStarted)
        {
            Task stopping = _server.StopAsync(new MqttServerStopOptions());
            if (await Task.WhenAny(stopping, Task.Delay(FarewellLimit, _clock)).ConfigureAwait(false) != stopping)
            {
                _door.CutAll("did not read when the broker ended");
            }

            await stopping.ConfigureAwait(false);
        }

        _server.Dispose();
    }

    /// <summary>
    /// The options for a pipeline of this process: this broker, with a secret of this process instead of a password. From now on nobody else may
    /// use its client id or publish under its topics.
    /// </summary>
    internal MqttOptions Own(MqttOptions options)
    {
        string id = MqttClientSettings.ClientIdOf(options), secret = Convert.ToHexString(RandomNumberGenerator.GetBytes(32));
        _rights.Keep(OwnTopics.Of(options, id, secret));
        IPAddress near = _options.Address.Equals(IPAddress.Any) ? IPAddress.Loopback
            : _options.Address.Equals(IPAddress.IPv6Any) ? IPAddress.IPv6Loopback
            : _options.Address;
        return options with { Host = near.ToString(), Port = _options.Port, User = id, Password = secret, PasswordVariable = null, Tls = null, Require = true };
    }

    /// <summary>
    /// Hands a message of a pipeline of this process to the subscribers. Its payload is copied once, into a buffer that they share; with no client it is not.
    /// </summary>
    internal async ValueTask<DropReason?> PublishAsync(string clientId, MqttApplicationMessage message)
    {
        if (!_server.IsStarted || _door.GuestCount == 0)
        {
            return _server.IsStarted ? null : DropReason.NotConnected;
        }

        ReadOnlySequence<byte> payload = _payloads.Rent(message.Payload);
        message.Payload = payload;
        try
        {
            await _server.InjectApplicationMessage(new InjectedMqttApplicationMessage(message) { SenderClientId = clientId }).ConfigureAwait(false);
            return null;
        }
        catch (InvalidOperationException)
        {
            // It ended meanwhile.
            return DropReason.NotConnected;
        }
        finally
        {
            _payloads.Release(payload);
        }
    }

    private static Task Done(Action action)
    {
        action();
        return Task.CompletedTask;
    }

    private static void Check(EmbeddedBrokerOptions options)
    {
        EmbeddedBrokerLimits limits = options.Limits;
        string? problem = options.Port is < 1 or > 65535 ? $"The port of the embedded broker is 1 to 65535, found {options.Port}."
            : options.PendingMessages < 1 ? $"At least one message may wait for a subscriber, found {options.PendingMessages}."
            : limits.MaxPacketBytes < PacketGate.SmallPacket
                ? $"A client may send messages of {PacketGate.SmallPacket} bytes at least, found {limits.MaxPacketBytes}."
            : limits.MaxPacketsInFlightBytes < limits.MaxPacketBytes
                ? $"One message of {limits.MaxPacketBytes} bytes must fit what may be on its way, found {limits.MaxPacketsInFlightBytes}."
            : limits.MaxConnections < 1 || limits.MaxHalfOpen < 1
                ? $"At least one client may connect, found {limits.MaxConnections} and {limits.MaxHalfOpen} that have not said who they are."
            : limits.ConnectTimeout <= TimeSpan.Zero || limits.PacketTimeout <= TimeSpan.Zero ? "The times that clients may take are above zero."
            : limits.MaxSubscriptions < 0 || limits.MaxRetainedMessages < 0 || limits.MaxRetainedBytes < 0 || limits.MaxQueuedBytes < 0
                ? "A limit of the embedded broker is not negative."
            : null;
        if (problem is not null)
        {
            throw new ConfigurationException(problem);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message =
        "The embedded broker at {Address} can be reached from other machines and lets anybody in: name users (mqtt.embedded.users), "
        + "or publish to a broker of its own with TLS and users")]
    private partial void LogOpen(string address);
}
