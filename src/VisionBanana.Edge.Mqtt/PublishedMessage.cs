using System.Buffers;
using System.Globalization;
using System.Text;
using MQTTnet;
using MQTTnet.Packets;
using MQTTnet.Protocol;
using VisionBanana.Edge.Messages;

namespace VisionBanana.Edge.Mqtt;

/// <summary>
/// Our envelope on MQTT: content type and user properties <c>seq, captured_ns, frame_id, encoding, width, height, step, data_offset,
/// data_length</c>, <c>fields</c> for clouds, and <c>stride</c> for what was reduced to fit the broker.
/// </summary>
internal static class PublishedMessage
{
    /// <summary>What stands before the ROS type in the content type.</summary>
    public const string ContentTypePrefix = "application/x-ros2-cdr; type=";

    /// <summary>The message for a topic; the payload is not copied.</summary>
    public static MqttApplicationMessage From(WireMessage message, string topic, uint expirySeconds, int stride = 1)
    {
        List<MqttUserProperty> properties =
        [
            Number("seq", message.SequenceNumber),
            Number("captured_ns", message.CapturedNs),
            Text("frame_id", message.FrameId),
            Text("encoding", message.Encoding),
            Number("width", message.Width),
            Number("height", message.Height),
            Number("step", message.Step),
            Number("data_offset", message.DataOffset),
            Number("data_length", message.DataLength),
        ];
        if (ImageEncodings.HasFields(message.Encoding))
        {
            properties.Add(CloudFields);
        }

        if (stride > 1)
        {
            properties.Add(Number("stride", stride));
        }

        return new MqttApplicationMessage
        {
            Topic = topic,
            ContentType = message.Schema.Length == 0 ? "application/json" : ContentTypePrefix + message.Schema,
            UserProperties = properties,
            Payload = new ReadOnlySequence<byte>(message.Payload),
            Retain = message.IsState,

            // A lost picture is followed by the next one; state is not.
            QualityOfServiceLevel = message.IsState ? MqttQualityOfServiceLevel.AtLeastOnce : MqttQualityOfServiceLevel.AtMostOnce,
            MessageExpiryInterval = message.HoldsFor is { } holds ? (uint)Math.Ceiling(holds.TotalSeconds) : message.IsState ? 0 : expirySeconds,
        };
    }

    /// <summary>An upper bound of the packet in bytes, as the broker counts it.</summary>
    public static long PacketSize(MqttApplicationMessage message)
    {
        // Fixed header 5, packet id 2, length of properties 4, expiry 5, topic and content type with their lengths.
        long size = 5 + 2 + 4 + 5 + 2 + Encoding.UTF8.GetByteCount(message.Topic) + 3 + Encoding.UTF8.GetByteCount(message.ContentType
            ?? "") + message.Payload.Length;
        foreach (MqttUserProperty property in message.UserProperties ?? [])
        {
            size += 5 + Encoding.UTF8.GetByteCount(property.Name) + property.ValueBuffer.Length;
        }

        return size;
    }

    private static MqttUserProperty CloudFields { get; } = Text("fields", WireHeader.CloudFields);

    /// <summary>A coordinate frame may be named by anybody, and texts of MQTT have a limit: a longer one stands in the payload alone.</summary>
    private static MqttUserProperty Text(string name, string value)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(value);
        return new MqttUserProperty(name, bytes.Length <= ushort.MaxValue ? bytes : ReadOnlyMemory<byte>.Empty);
    }

    private static MqttUserProperty Number(string name, long value) => Text(name, value.ToString(CultureInfo.InvariantCulture));
}
