using VisionBanana.Edge.Messages;
using VisionBanana.Edge.Messages.Ros;

namespace VisionBanana.Edge.Recording;

/// <summary>Turns recorded messages into messages as transports carry them. For one thread.</summary>
internal sealed class RecordedMessages
{
    private readonly Dictionary<ushort, WireMessage> _messages = [];

    /// <summary>The stream a channel carries: by its metadata, else the last part of its topic.</summary>
    public static string StreamOf(McapChannel channel) =>
        channel.Metadata.TryGetValue(RecordingTopics.StreamKey, out string? stream) && stream.Length > 0
            ? stream
            : channel.Topic[(channel.Topic.LastIndexOf('/') + 1)..];

    /// <summary>
    /// Describes a message; null when its type is none that transports carry. The result is used again for the next message of the channel,
    /// except state, which is a new object exactly when it changed.
    /// </summary>
    /// <exception cref="MessageFormatException">The payload is not of the type that the channel says.</exception>
    public WireMessage? Describe(in McapMessage recorded)
    {
        McapChannel channel = recorded.Channel;
        if (channel.MessageEncoding != "cdr" || channel.Schema is not { } schema)
        {
            return null;
        }

        Facts? facts = schema.Name switch
        {
            "sensor_msgs/msg/Image" => Of(RosMessage.Decode<Image>(recorded.Data)),
            "sensor_msgs/msg/CompressedImage" => Of(RosMessage.Decode<CompressedImage>(recorded.Data)),
            "sensor_msgs/msg/PointCloud2" => Of(RosMessage.Decode<PointCloud2>(recorded.Data)),
            "point_cloud_interfaces/msg/CompressedPointCloud2" => Of(RosMessage.Decode<CompressedPointCloud2>(recorded.Data)),
            "tf2_msgs/msg/TFMessage" => Of(RosMessage.Decode<TFMessage>(recorded.Data)),
            "sensor_msgs/msg/CameraInfo" => Of(RosMessage.Decode<CameraInfo>(recorded.Data)),
            "vision_msgs/msg/LabelInfo" => new Facts(RosMessage.Decode<LabelInfo>(recorded.Data).Header, "", 0, 0, 0, default, IsState: true),
            "diagnostic_msgs/msg/DiagnosticArray" => new Facts(RosMessage.Decode<DiagnosticArray>(recorded.Data).Header, "", 0, 0, 0, default),
            _ => null,
        };
        return facts is { } known ? Describe(recorded, schema.Name, known) : null;
    }

    private WireMessage Describe(in McapMessage recorded, string schema, in Facts facts)
    {
        bool isNew = !_messages.TryGetValue(recorded.Channel.Id, out WireMessage? message);
        if (facts.IsState)
        {
            if (!isNew && message!.Payload.Span.SequenceEqual(recorded.Data.Span))
            {
                return message;
            }

            isNew = true;
        }

        if (isNew)
        {
            message = new WireMessage { Stream = StreamOf(recorded.Channel), Schema = schema, IsState = facts.IsState };
            _messages[recorded.Channel.Id] = message;
        }

        message!.SequenceNumber = recorded.Sequence;
        message.CapturedNs = facts.Header.Stamp.Nanoseconds;
        message.FrameId = facts.Header.FrameId;
        message.Encoding = facts.Encoding;
        message.Width = facts.Width;
        message.Height = facts.Height;
        message.Step = facts.Step;
        message.DataLength = facts.Data.Length;
        message.DataOffset = facts.Data.Length == 0 ? 0 : OffsetOf(facts.Data, recorded.Data);

        // Transports keep state, the recording's buffer does not.
        message.Payload = facts.IsState ? recorded.Data.ToArray() : recorded.Data;
        return message;
    }

    private static Facts Of(in Image image) =>
        new(image.Header, image.Encoding, (int)image.Width, (int)image.Height, ImageEncodings.BytesPerPixel(image.Encoding), image.Data);

    private static Facts Of(in CompressedImage image)
    {
        (uint width, uint height) = image.Format is ImageEncodings.DepthRvl or ImageEncodings.DepthZstd ? CompressedDepth.Size(image.Data.Span) : default;
        return new Facts(image.Header, image.Format, (int)width, (int)height, 0, image.Data);
    }

    private static Facts Of(in PointCloud2 cloud) =>
        new(cloud.Header, ImageEncodings.Points, (int)cloud.Width, (int)cloud.Height, (int)cloud.PointStep, cloud.Data);

    private static Facts Of(in CompressedPointCloud2 cloud) =>
        new(cloud.Header, cloud.Format == "zstd" ? ImageEncodings.PointsZstd : $"points; {cloud.Format}", (int)cloud.Width, (int)cloud.Height, 0, cloud.CompressedData);

    private static Facts Of(in TFMessage tree) => new(tree.Transforms.IsEmpty ? new Header(default, "") : tree.Transforms[0].Header, "", 0, 0, 0, default, IsState: true);

    private static Facts Of(CameraInfo info) => new(info.Header, "", (int)info.Width, (int)info.Height, 0, default, IsState: true);

    /// <summary>Where a part lies in the whole: decoding returns parts of the payload, not copies.</summary>
    private static int OffsetOf(ReadOnlyMemory<byte> part, ReadOnlyMemory<byte> whole)
    {
        whole.Span.Overlaps(part.Span, out int offset);
        return offset;
    }

    private readonly record struct Facts(Header Header, string Encoding, int Width, int Height, int Step, ReadOnlyMemory<byte> Data, bool IsState = false);
}
