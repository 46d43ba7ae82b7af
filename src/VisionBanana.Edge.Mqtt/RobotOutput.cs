using Microsoft.Extensions.Logging;
using MQTTnet;
using VisionBanana.Edge.Diagnostics;
using VisionBanana.Edge.Messages;

namespace VisionBanana.Edge.Mqtt;

/// <summary>Publishes percepts for a robot whose connection is not ours: the same topics, properties and QoS as its own <see cref="MqttTransport"/>.</summary>
/// <param name="options">Device, camera and how messages are published; the broker is that of the session.</param>
/// <param name="log">Told of what was reduced or refused.</param>
/// <param name="clock">Measures when a refused topic is asked about again.</param>
internal sealed class RobotOutput(MqttOptions options, ILogger? log, TimeProvider? clock)
{
    private readonly FittedMessages _fitted = new(log);
    private readonly TopicRights _rights = new(log, clock);
    private readonly Dictionary<string, string> _topics = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (WireMessage Message, IMqttClient On)> _states = new(StringComparer.Ordinal);
    private readonly uint _expirySeconds = (uint)Math.Ceiling(Math.Clamp(options.MessageExpiry.TotalSeconds, 0, uint.MaxValue));

    /// <summary>Sends one message on a session and returns null, or why it was not sent. State that the session carried is not sent again.</summary>
    public async ValueTask<DropReason?> SendAsync(MqttConnection.Session session, WireMessage message)
    {
        if (!_topics.TryGetValue(message.Stream, out string? topic))
        {
            _topics[message.Stream] = topic = options.Address.TopicOf(message.Stream);
        }

        if (message.IsState && _states.TryGetValue(message.Stream, out (WireMessage Message, IMqttClient On) sent)
            && sent.On == session.Client && ReferenceEquals(sent.Message, message))
        {
            return null;
        }

        MqttApplicationMessage published = _fitted.Beside(message, PublishedMessage.From(message, topic, _expirySeconds));
        DropReason? result = message.IsState && !session.Takes(published) ? DropReason.TooLargeForBroker
            : message.IsState || _fitted.Fits(message, published, session.MaximumPacketSize) ? await PublishAsync(session, published).ConfigureAwait(false)
            : await _fitted.SendReducedAsync(message, published, session.MaximumPacketSize!.Value, fitted => PublishAsync(session, fitted))
                .ConfigureAwait(false);
        if (result is null && message.IsState)
        {
            _states[message.Stream] = (message, session.Client);
        }

        return result;
    }

    private ValueTask<DropReason?> PublishAsync(MqttConnection.Session session, MqttApplicationMessage message) =>
        _rights.PublishAsync(session, message, options.SendTimeout);
}
