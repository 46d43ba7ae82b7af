using System.Buffers;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using MQTTnet;
using MQTTnet.Packets;
using MQTTnet.Protocol;
using VisionBanana.Edge.Messages;

namespace VisionBanana.Edge.Mqtt;

/// <summary>Subscribes to everything that devices publish on a broker, and again after the connection was lost.</summary>
public sealed class MqttListener : IMessageListener
{
    private readonly MqttConnection _connection;
    private readonly MessageFeed _messages;
    private readonly string _filter;
    private readonly TimeProvider _clock;

    /// <summary>Checks the options; nothing is opened yet. Device and camera of the options are not used.</summary>
    /// <param name="options">Which broker.</param>
    /// <param name="filter">The topic filter; null = everything of the contract.</param>
    /// <param name="log">Told about losses and returns.</param>
    /// <param name="clock">Gives the time of arrival.</param>
    /// <exception cref="ConfigurationException">An option cannot work; the message says why.</exception>
    public MqttListener(MqttOptions options, string? filter = null, ILogger<MqttListener>? log = null, TimeProvider? clock = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        _filter = filter ?? WireTopics.Root + "#";
        _clock = clock ?? TimeProvider.System;
        _messages = new MessageFeed(log ?? NullLogger<MqttListener>.Instance);
        MqttClientOptionsBuilder client = MqttClientSettings.Build(options, options.ClientId ?? $"vb-listen-{Guid.NewGuid():N}"[..23]);
        _connection = new MqttConnection(
            options, MqttClientSettings.Finish(client), new MqttConversation { Prepare = Prepare, Greet = SubscribeAsync }, clock, log);
    }

    /// <inheritdoc/>
    public string Name => "mqtt";

    /// <inheritdoc/>
    public string State => _messages.FailedCount == 0 ? _connection.State : $"{_connection.State}; subscribers threw {_messages.FailedCount} times";

    /// <summary>How often a subscriber threw: it missed that message, and gets the next one.</summary>
    public long FailedCount => _messages.FailedCount;

    /// <inheritdoc/>
    public IObservable<ReceivedMessage> Messages => _messages;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => _connection.StartAsync(cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync().ConfigureAwait(false);
        _messages.End();
    }

    private void Prepare(IMqttClient client) => client.ApplicationMessageReceivedAsync += args =>
    {
        long now = (_clock.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * 100;
        _messages.Publish(Read(args.ApplicationMessage, now));
        return Task.CompletedTask;
    };

    private async Task SubscribeAsync(MqttConnection.Session session, CancellationToken cancellationToken)
    {
        MqttClientSubscribeOptions options = new MqttClientSubscribeOptionsBuilder().WithTopicFilter(_filter, MqttQualityOfServiceLevel.AtLeastOnce).Build();
        MqttClientSubscribeResult result = await session.Client.SubscribeAsync(options, cancellationToken).ConfigureAwait(false);
        foreach (MqttClientSubscribeResultItem item in result.Items)
        {
            if (item.ResultCode > MqttClientSubscribeResultCode.GrantedQoS2)
            {
                throw new TransportException($"the broker refused the subscription to {_filter}: {item.ResultCode}");
            }
        }
    }

    private static ReceivedMessage Read(MqttApplicationMessage message, long now)
    {
        string stream = WireTopics.TryGetStream(message.Topic, out string? found) ? found : "";
        ReadOnlyMemory<byte> payload = message.Payload.IsSingleSegment ? message.Payload.First : message.Payload.ToArray();
        if (WireTopics.IsPlain(stream))
        {
            return new ReceivedMessage(message.Topic, new WireMessage { Stream = stream, Schema = "", Payload = payload, IsState = message.Retain }, now);
        }

        try
        {
            return new ReceivedMessage(message.Topic, Envelope(message, stream, payload), now);
        }
        catch (MessageFormatException error)
        {
            return new ReceivedMessage(message.Topic, new WireMessage { Stream = stream, Schema = "", Payload = payload }, now, error.Message);
        }
    }

    /// <summary>Reads content type and user properties.</summary>
    /// <exception cref="MessageFormatException">They are not those of the contract.</exception>
    internal static WireMessage Envelope(MqttApplicationMessage message, string stream, ReadOnlyMemory<byte> payload)
    {
        if (message.ContentType is not { } contentType || !contentType.StartsWith(PublishedMessage.ContentTypePrefix, StringComparison.Ordinal))
        {
            throw new MessageFormatException($"Expected the content type '{PublishedMessage.ContentTypePrefix}…', found '{message.ContentType}'.");
        }

        var properties = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (MqttUserProperty property in message.UserProperties ?? [])
        {
            properties[property.Name] = System.Text.Encoding.UTF8.GetString(property.ValueBuffer.Span);
        }

        return new WireMessage
        {
            Stream = stream,
            Schema = contentType[PublishedMessage.ContentTypePrefix.Length..],
            Encoding = Text("encoding"),
            SequenceNumber = Number("seq"),
            CapturedNs = Number("captured_ns"),
            FrameId = Text("frame_id"),
            Width = Count("width"),
            Height = Count("height"),
            Step = Count("step"),
            DataOffset = Count("data_offset"),
            DataLength = Count("data_length"),
            Payload = payload,
            IsState = message.Retain,
        };

        string Text(string name) => properties.TryGetValue(name, out string? value)
            ? value : throw new MessageFormatException($"Expected the user property '{name}'.");

        long Number(string name) => long.TryParse(Text(name), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value)
            ? value
            : throw new MessageFormatException($"Expected a whole number in the user property '{name}', found '{Text(name)}'.");

        int Count(string name) => Number(name) is >= 0 and <= int.MaxValue and var value
            ? (int)value
            : throw new MessageFormatException($"Expected the user property '{name}' between 0 and {int.MaxValue}, found {Number(name)}.");
    }
}
