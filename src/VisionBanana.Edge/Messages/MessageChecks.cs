using VisionBanana.Edge.Messages.Ros;

namespace VisionBanana.Edge.Messages;

/// <summary>What a decoded message and what travelled beside it must agree on. Null when they do.</summary>
internal static class MessageChecks
{
    public static string? Header(in Header header, WireMessage message) =>
        header.Stamp.Nanoseconds != message.CapturedNs ? $"the stamp is {header.Stamp.Nanoseconds}, the header says captured_ns {message.CapturedNs}"
        : header.FrameId != message.FrameId ? $"frame_id is '{header.FrameId}', the header says '{message.FrameId}'"
        : null;

    public static string? Size(uint width, uint height, WireMessage message) =>
        width == message.Width && height == message.Height ? null : $"the message is {width} × {height}, the header says {message.Width} × {message.Height}";

    /// <summary>The offset and length beside the message must name exactly the bytes that decoding finds.</summary>
    public static string? Data(ReadOnlyMemory<byte> data, WireMessage message)
    {
        int length = message.Payload.Length;
        if (message.DataOffset < 0 || message.DataLength < 0 || message.DataOffset > length || message.DataLength > length - message.DataOffset)
        {
            return $"data_offset {message.DataOffset} and data_length {message.DataLength} reach past the payload of {length} bytes";
        }

        return message.Payload.Span.Slice(message.DataOffset, message.DataLength) == data.Span
            ? null
            : $"data_offset {message.DataOffset} and data_length {message.DataLength} do not name the {data.Length} bytes of data";
    }

    /// <summary>Whether bytes begin and end as a JPEG file does.</summary>
    public static bool IsWholeJpeg(ReadOnlySpan<byte> file) =>
        file.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8]) && file.EndsWith((ReadOnlySpan<byte>)[0xFF, 0xD9]);
}
