using VisionBanana.Edge.Messages.Ros;

namespace VisionBanana.Edge.Messages;

/// <summary>The buffer and the description of one stream's message in an <see cref="EncodedFrame"/>, used again for every picture.</summary>
internal sealed class MessageSlot(string stream, string schema)
{
    public CdrWriter Writer { get; } = new();

    public WireMessage Message { get; } = new() { Stream = stream, Schema = schema };

    /// <summary>Describes what the writer holds now.</summary>
    public WireMessage Describe(string encoding, int width, int height, int step, int dataOffset, int dataLength)
    {
        Message.Encoding = encoding;
        Message.Width = width;
        Message.Height = height;
        Message.Step = step;
        Message.DataOffset = dataOffset;
        Message.DataLength = dataLength;
        Message.Payload = Writer.Written;
        return Message;
    }
}
