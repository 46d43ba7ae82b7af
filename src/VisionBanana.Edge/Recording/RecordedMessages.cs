using VisionBanana.Edge.Messages;

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
        return channel.MessageEncoding == "cdr" && channel.Schema is { } schema && Streams.FindSchema(schema.Name) is { } known
            ? Describe(recorded, schema.Name, known.Describe(recorded.Data))
            : null;
    }

    private WireMessage Describe(in McapMessage recorded, string schema, in MessageFacts facts)
    {
        string stream = StreamOf(recorded.Channel);
        bool isState = facts.IsState && (Streams.Find(stream)?.IsState ?? true);
        bool isNew = !_messages.TryGetValue(recorded.Channel.Id, out WireMessage? message);
        if (isState)
        {
            if (!isNew && message!.Payload.Span.SequenceEqual(recorded.Data.Span))
            {
                return message;
            }

            isNew = true;
        }

        if (isNew)
        {
            message = new WireMessage { Stream = stream, Schema = schema, IsState = isState };
            _messages[recorded.Channel.Id] = message;
        }

        message!.SequenceNumber = recorded.Sequence;
        message.CapturedNs = facts.Header.Stamp.Nanoseconds;
        message.FrameId = facts.Header.FrameId;
        message.Encoding = facts.Encoding;
        message.Width = (int)facts.Width;
        message.Height = (int)facts.Height;
        message.Step = facts.Step;
        message.DataLength = facts.Data.Length;
        message.DataOffset = facts.Data.Length == 0 ? 0 : OffsetOf(facts.Data, recorded.Data);

        // Transports keep state, the recording's buffer does not.
        message.Payload = isState ? recorded.Data.ToArray() : recorded.Data;
        return message;
    }

    /// <summary>Where a part lies in the whole: decoding returns parts of the payload, not copies.</summary>
    private static int OffsetOf(ReadOnlyMemory<byte> part, ReadOnlyMemory<byte> whole)
    {
        whole.Span.Overlaps(part.Span, out int offset);
        return offset;
    }
}
