using System.Buffers;
using System.Collections.Concurrent;
using System.Text.Json;
using MQTTnet;
using MQTTnet.Protocol;
using Microsoft.Extensions.Logging;
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
    private readonly MqttConnection _connection;
    private readonly MqttCommands? _commands;
    private readonly HomeAssistant? _homeAssistant;
    private readonly FittedMessages _fitted;
    private readonly uint _expirySeconds;
    private readonly ConcurrentDictionary<string, string> _topics = new(StringComparer.Ordinal);
    private readonly Dictionary<string, KeptState> _state = new(StringComparer.Ordinal);
    private readonly Lock _stateGate = new();
    private bool _disposed;

    /// <summary>Checks the options; nothing is opened yet.</summary>
    /// <exception cref="ConfigurationException">An option cannot work; the message says why.</exception>
    public MqttTransport(MqttOptions options, ILogger<MqttTransport>? log = null, TimeProvider? clock = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        WireTopics.CheckName("device", options.Device);
        WireTopics.CheckName("camera", options.Camera);
        _options = options;
        _expirySeconds = Seconds(options.MessageExpiry);
        MqttClientOptionsBuilder client = MqttClientSettings.Build(options, options.ClientId ?? $"vb-{options.Device}-{options.Camera}")
            .WithMaximumPacketSize(MqttCommands.MaximumPacketSize)
            .WithSessionExpiryInterval(Seconds(options.SessionExpiry))
            .WithWillTopic(TopicOf(WireTopics.StatusStream))
            .WithWillPayload(StatusJson("offline"))
            .WithWillContentType("application/json")
            .WithWillQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce)
            .WithWillRetain();
        _fitted = new FittedMessages(log);
        _homeAssistant = options.HomeAssistant ? new HomeAssistant(options, clock) : null;
        _commands = options.Commands ? new MqttCommands(options, () => _connection?.Current, log) : null;
        var say = new MqttConversation
        {
            Prepare = broker => _commands?.Prepare(broker),
            Greet = GreetAsync,
            Settle = SettleAsync,
            Farewell = (broker, limit) => broker.PublishAsync(Status("offline"), limit),
        };
        _connection = new MqttConnection(options, MqttClientSettings.Finish(client), say, clock, log);
    }

    /// <inheritdoc/>
    public string Name => "mqtt";

    /// <inheritdoc/>
    public string State => _connection.State + _fitted.State;

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
            DropReason? stateResult = session.Takes(kept.Published) ? await PublishAsync(session, kept.Published).ConfigureAwait(false) : DropReason.TooLargeForBroker;
            kept.SentOn = stateResult is null ? session.Client : kept.SentOn;
            return stateResult;
        }

        MqttApplicationMessage published = PublishedMessage.From(message, TopicOf(message.Stream), _expirySeconds);
        DropReason? result = _fitted.Fits(message, published, session.MaximumPacketSize)
            ? await PublishAsync(session, published).ConfigureAwait(false)
            : await _fitted.SendReducedAsync(message, published, session.MaximumPacketSize!.Value, fitted => PublishAsync(session, fitted)).ConfigureAwait(false);
        if (result is null && _homeAssistant?.PreviewOf(message) is { } preview && session.Takes(preview))
        {
            // It comes on top: whether it arrives does not decide the fate of the picture.
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

    private async ValueTask<DropReason?> PublishAsync(MqttConnection.Session session, MqttApplicationMessage message)
    {
        // The caller's token is not passed on: a packet cut off in the middle would ruin the connection for the status that follows.
        using var limit = new CancellationTokenSource(_options.SendTimeout);
        try
        {
            MqttClientPublishResult result = await session.Client.PublishAsync(message, limit.Token).ConfigureAwait(false);
            return result.IsSuccess ? null : DropReason.SendFailed;
        }
        catch (OperationCanceledException)
        {
            _connection.Abandon(session, $"a message did not leave within {_options.SendTimeout.TotalSeconds:0.#} s");
            return DropReason.SendFailed;
        }
        catch (Exception error)
        {
            bool connected = session.Client.IsConnected;
            _connection.Abandon(session, error.Message);
            return connected ? DropReason.SendFailed : DropReason.NotConnected;
        }
    }

    private static uint Seconds(TimeSpan time) => (uint)Math.Ceiling(Math.Clamp(time.TotalSeconds, 0, uint.MaxValue));

    /// <summary>Online first, then everything a subscriber may have missed.</summary>
    private async Task GreetAsync(MqttConnection.Session session, CancellationToken cancellationToken)
    {
        await session.Client.PublishAsync(Status("online"), cancellationToken).ConfigureAwait(false);
        await PublishStateAsync(session, cancellationToken).ConfigureAwait(false);
        foreach (MqttApplicationMessage announcement in (_homeAssistant?.Announcements ?? []).Where(session.Takes))
        {
            await session.Client.PublishAsync(announcement, cancellationToken).ConfigureAwait(false);
        }

        if (_commands is not null)
        {
            await _commands.SubscribeAsync(session.Client, cancellationToken).ConfigureAwait(false);
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
            states = [.. _state.Values.Where(state => state.SentOn != session.Client && session.Takes(state.Published))];
        }

        foreach (KeptState state in states)
        {
            await session.Client.PublishAsync(state.Published, cancellationToken).ConfigureAwait(false);
            state.SentOn = session.Client;
        }
    }

    private string TopicOf(string stream) =>
        _topics.GetOrAdd(stream, static (name, options) => WireTopics.Of(options.Device, options.Camera, name), _options);

    /// <summary>Keeps a copy of state that says something new, or finds the one kept.</summary>
    private KeptState Keep(WireMessage message)
    {
        lock (_stateGate)
        {
            if (_state.TryGetValue(message.Stream, out KeptState? old) && old.Source == message && old.SourcePayload.Equals(message.Payload))
            {
                return old;
            }

            MqttApplicationMessage published = PublishedMessage.From(message, TopicOf(message.Stream), 0);
            published.Payload = new ReadOnlySequence<byte>(message.Payload.ToArray());
            var kept = new KeptState { Source = message, SourcePayload = message.Payload, Published = published };
            _state[message.Stream] = kept;
            return kept;
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

    /// <summary>State as it is published; the source tells whether a message says something new.</summary>
    private sealed class KeptState
    {
        public required WireMessage Source { get; init; }

        public required ReadOnlyMemory<byte> SourcePayload { get; init; }

        public required MqttApplicationMessage Published { get; init; }

        /// <summary>The connection that carried it last.</summary>
        public volatile IMqttClient? SentOn;
    }
}
