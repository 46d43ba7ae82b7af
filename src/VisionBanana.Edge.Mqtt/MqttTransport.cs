using System.Buffers;
using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using MQTTnet;
using MQTTnet.Protocol;
using VisionBanana.Edge.Diagnostics;
using VisionBanana.Edge.Messages;
using VisionBanana.Edge.Pipeline;

namespace VisionBanana.Edge.Mqtt;

/// <summary>
/// Publishes on an MQTT 5 broker: topics <c>vb/v1/{device}/{camera}/{stream}</c>, streams with QoS 0 and never retained, state retained,
/// <c>…/status</c> retained as <c>online</c> or, by last will, <c>offline</c>. Reconnects by itself; while there is no connection messages
/// are refused at once and never sent again; state is published with every connection, and commands given meanwhile arrive. What exceeds
/// the broker's limit is reduced or dropped, never cut off.
/// Brings commands from <c>…/instructions/set</c> and <c>…/command</c>.
/// </summary>
public sealed class MqttTransport : IMessageTransport, ICommandTransport
{
    private readonly MqttOptions _options;
    private readonly EmbeddedBroker? _broker;
    private readonly MqttConnection _connection;
    private readonly MqttCommands? _commands;
    private readonly HomeAssistant? _homeAssistant;
    private readonly FittedMessages _fitted;
    private readonly TopicRights _rights;
    private readonly StaleState _stale;
    private readonly string _clientId;
    private readonly uint _expirySeconds;
    private readonly ConcurrentDictionary<string, string> _topics = new(StringComparer.Ordinal);
    private readonly KeptStates<KeptState> _state = new();
    private readonly Lock _stateGate = new();
    private bool _disposed;

    /// <summary>Checks the options; nothing is opened yet.</summary>
    /// <exception cref="ConfigurationException">An option cannot work; the message says why.</exception>
    public MqttTransport(MqttOptions options, ILogger<MqttTransport>? log = null, TimeProvider? clock = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        _ = options.Address.Checked();
        _options = options;
        _expirySeconds = Seconds(options.MessageExpiry);
        _clientId = MqttClientSettings.ClientIdOf(options);
        MqttClientOptionsBuilder client = MqttClientSettings.Build(options, _clientId)
            .WithMaximumPacketSize(MqttCommands.MaximumPacketSize)
            .WithSessionExpiryInterval(Seconds(options.SessionExpiry))
            .WithWillTopic(TopicOf(WireTopics.StatusStream))
            .WithWillPayload(StatusJson("offline"))
            .WithWillContentType("application/json")
            .WithWillQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce)
            .WithWillRetain();
        _fitted = new FittedMessages(log);
        _homeAssistant = options.HomeAssistant ? new HomeAssistant(options, clock) : null;
        _rights = new TopicRights(log, clock);
        _stale = new StaleState(options, clock, log);
        _commands = options.Commands ? new MqttCommands(options, () => _connection?.Current, log, clock) : null;
        var say = new MqttConversation
        {
            Prepare = broker => broker.ApplicationMessageReceivedAsync += args => HearAsync(broker, args.ApplicationMessage),
            Greet = GreetAsync,
            Settle = SettleAsync,
            Farewell = SayGoodbyeAsync,
        };
        _connection = new MqttConnection(options, MqttClientSettings.Finish(client), say, clock, log);
    }

    /// <summary>
    /// Publishes on a broker of this process, whose host, port and secret it takes; its client id and topics are kept for it there. Streams are handed
    /// to it directly; the connection is for status, state and commands.
    /// </summary>
    /// <exception cref="ConfigurationException">An option cannot work; the message says why.</exception>
    public MqttTransport(MqttOptions options, EmbeddedBroker broker, ILogger<MqttTransport>? log = null, TimeProvider? clock = null)
        : this((broker ?? throw new ArgumentNullException(nameof(broker))).Own(options), log, clock) => _broker = broker;

    /// <inheritdoc/>
    public string Name => "mqtt";

    /// <inheritdoc/>
    public string State => _connection.State + _fitted.State + _rights.State;

    /// <inheritdoc/>
    public void Attach(ICommandHandler handler) => _commands?.Attach(handler);

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => _connection.StartAsync(cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<DropReason?> SendAsync(WireMessage message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (_disposed || cancellationToken.IsCancellationRequested)
        {
            return DropReason.Stopped;
        }

        KeptState? kept = message.IsState ? Keep(message) : null;
        if (_connection.Current is not { } session)
        {
            // State waits here for the connection: it is not lost.
            return kept is null ? DropReason.NotConnected : null;
        }

        if (kept?.SentOn == session.Client)
        {
            return null;
        }

        if (kept is not null)
        {
            DropReason? stateResult = session.Takes(kept.Published)
                ? await PublishAsync(session, kept.Published).ConfigureAwait(false) : DropReason.TooLargeForBroker;
            kept.SentOn = stateResult is null ? session.Client : kept.SentOn;
            return stateResult;
        }

        MqttApplicationMessage published = PublishedMessage.From(message, TopicOf(message.Stream), _expirySeconds);
        DropReason? result;
        if (_broker is not null)
        {
            result = await _broker.PublishAsync(_clientId, published).ConfigureAwait(false);
        }
        else
        {
            published = _fitted.Beside(message, published);
            result = _fitted.Fits(message, published, session.MaximumPacketSize)
                ? await PublishAsync(session, published).ConfigureAwait(false)
                : await _fitted.SendReducedAsync(message, published, session.MaximumPacketSize!.Value, fitted => PublishAsync(session, fitted))
                    .ConfigureAwait(false);
        }

        if (result is null && _stale.IsDue())
        {
            await ClearStaleAsync(session).ConfigureAwait(false);
        }

        if (result is null && _homeAssistant?.PreviewOf(message) is { } preview && session.Takes(preview))
        {
            // It is an extra: whether it arrives does not decide whether the picture counts as published.
            await PublishAsync(session, preview).ConfigureAwait(false);
        }

        return result;
    }

    /// <summary>Publishes the offline status and closes the connection.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        await _connection.DisposeAsync().ConfigureAwait(false);
        _commands?.Dispose();
    }

    private ValueTask<DropReason?> PublishAsync(MqttConnection.Session session, MqttApplicationMessage message) =>
        _rights.PublishAsync(session, message, _options.SendTimeout);

    private static uint Seconds(TimeSpan time) => (uint)Math.Ceiling(Math.Clamp(time.TotalSeconds, 0, uint.MaxValue));

    /// <summary>Online first, then everything a subscriber may have missed.</summary>
    private async Task GreetAsync(MqttConnection.Session session, CancellationToken cancellationToken)
    {
        await TellAsync(session.Client, Status("online"), cancellationToken).ConfigureAwait(false);
        await PublishStateAsync(session, cancellationToken).ConfigureAwait(false);
        foreach (MqttApplicationMessage announcement in (_homeAssistant?.Announcements ?? []).Where(session.Takes))
        {
            await TellAsync(session.Client, announcement, cancellationToken).ConfigureAwait(false);
        }

        await _stale.LookAsync(session.Client, cancellationToken).ConfigureAwait(false);
        if (_commands is not null)
        {
            await _commands.SubscribeAsync(session.Client, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Says something that the broker answers; a refusal is noted, not an error: it costs this topic alone.</summary>
    private async Task TellAsync(IMqttClient client, MqttApplicationMessage message, CancellationToken cancellationToken) =>
        _rights.Note(message.Topic, client, await client.PublishAsync(message, cancellationToken).ConfigureAwait(false));

    private Task HearAsync(IMqttClient client, MqttApplicationMessage message) =>
        _stale.TryHear(message) || _commands is null ? Task.CompletedTask : _commands.HandleAsync(client, message);

    private async Task SayGoodbyeAsync(IMqttClient client, CancellationToken cancellationToken)
    {
        // The status first: what is cleared comes on top.
        await client.PublishAsync(Status("offline"), cancellationToken).ConfigureAwait(false);
        await _stale.ClearAsync(client, CurrentTopics(), cancellationToken).ConfigureAwait(false);
    }

    private async Task ClearStaleAsync(MqttConnection.Session session)
    {
        using var limit = new CancellationTokenSource(_options.SendTimeout);
        try
        {
            await _stale.ClearAsync(session.Client, CurrentTopics(), limit.Token).ConfigureAwait(false);
        }
        catch (Exception error)
        {
            _connection.Abandon(session, error.Message);
        }
    }

    private string[] CurrentTopics()
    {
        lock (_stateGate)
        {
            return [.. _state.Streams.Select(TopicOf)];
        }
    }

    private async Task SettleAsync(MqttConnection.Session session, CancellationToken cancellationToken)
    {
        await PublishStateAsync(session, cancellationToken).ConfigureAwait(false);
        if (_commands is not null)
        {
            await _commands.PublishStateAsync(session, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task PublishStateAsync(MqttConnection.Session session, CancellationToken cancellationToken)
    {
        KeptState[] states;
        lock (_stateGate)
        {
            states = [.. _state.All.Where(state => state.SentOn != session.Client && session.Takes(state.Published))];
        }

        foreach (KeptState state in states)
        {
            await TellAsync(session.Client, state.Published, cancellationToken).ConfigureAwait(false);
            state.SentOn = session.Client;
        }
    }

    private string TopicOf(string stream) =>
        _topics.GetOrAdd(stream, static (name, options) => options.Address.TopicOf(name), _options);

    /// <summary>Keeps a copy of state that says something new, or finds the one kept.</summary>
    private KeptState Keep(WireMessage message)
    {
        lock (_stateGate)
        {
            if (_state.IsKnown(message, out KeptState? known))
            {
                return known;
            }

            MqttApplicationMessage published = PublishedMessage.From(message, TopicOf(message.Stream), 0);
            published.Payload = new ReadOnlySequence<byte>(message.Payload.ToArray());
            return _state.Keep(message, new KeptState { Published = published });
        }
    }

    private MqttApplicationMessage Status(string status) => new()
    {
        Topic = TopicOf(WireTopics.StatusStream),
        ContentType = "application/json",
        Payload = new ReadOnlySequence<byte>(StatusJson(status)),
        QualityOfServiceLevel = MqttQualityOfServiceLevel.AtLeastOnce,
        Retain = true,
    };

    private byte[] StatusJson(string status) =>
        JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string> { ["status"] = status, ["device"] = _options.Device, ["camera"] = _options.Camera });

    /// <summary>State as it is published.</summary>
    private sealed class KeptState
    {
        public required MqttApplicationMessage Published { get; init; }

        /// <summary>The connection that carried it last.</summary>
        public volatile IMqttClient? SentOn;
    }
}
