using VisionBanana.Edge.Messages.Ros;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Messages;

/// <summary>The buffer and the description of one stream's message in an <see cref="EncodedFrame"/>, used again for every picture.</summary>
internal sealed class MessageSlot(string stream, string schema)
{
    private JsonText? _json;

    public CdrWriter Writer { get; } = new();

    /// <summary>Room for a message that is JSON.</summary>
    public JsonText Json => _json ??= new JsonText();

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

    /// <summary>Writes and describes an uncompressed picture up to its pixels and returns the room for them.</summary>
    public Span<byte> BeginImage(in Header header, PerceptionFrame frame, string encoding)
    {
        int step = ImageEncodings.BytesPerPixel(encoding);
        Writer.Begin();
        Span<byte> pixels = Image.Write(Writer, header, frame.Width, frame.Height, encoding, step);
        Describe(encoding, frame.Width, frame.Height, step, Writer.Length - pixels.Length, pixels.Length);
        return pixels;
    }

    /// <summary>Writes a compressed picture up to its data, which the caller appends; the result goes to <see cref="EndCompressed"/>.</summary>
    public int BeginCompressed(in Header header, string format)
    {
        Writer.Begin();
        return CompressedImage.Begin(Writer, header, format);
    }

    /// <summary>Ends and describes a compressed picture.</summary>
    public WireMessage EndCompressed(string format, int start, PerceptionFrame frame)
    {
        int length = Writer.EndBytes(start);
        return Describe(format, frame.Width, frame.Height, 0, start, length);
    }
}
