using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using VisionBanana.Edge.Messages.Ros;
using ZstdSharp;

namespace VisionBanana.Edge.Messages;

/// <summary>Zstandard frames in messages. An instance compresses for one thread; once warm nothing is allocated.</summary>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "The context is a safe handle, which frees itself "
    + "with the encoder; a picture may still be encoded while its pipeline closes.")]
internal sealed class ZstdData
{
    // The fastest level with a ratio worth having: a stream must keep up with the camera on a robot's processor.
    private readonly Compressor _compressor = new(1);

    /// <summary>Appends one frame that tells its content size, as readers of point_cloud_transport need it.</summary>
    public void Write(CdrWriter writer, ReadOnlySpan<byte> data)
    {
        Span<byte> room = writer.GetSpan(Compressor.GetCompressBound(data.Length));
        writer.Advance(_compressor.Wrap(data, room));
    }

    /// <summary>Fills <paramref name="data"/> exactly.</summary>
    /// <exception cref="MessageFormatException">The frame is damaged or holds another number of bytes.</exception>
    public static void Read(ReadOnlySpan<byte> frame, Span<byte> data)
    {
        try
        {
            ulong size = Decompressor.GetDecompressedSize(frame);
            if (size != (ulong)data.Length)
            {
                throw new MessageFormatException(
                    $"Expected a Zstandard frame of {data.Length} bytes, found {(size > long.MaxValue ? "one that does not tell" : size)}.");
            }

            using var decompressor = new Decompressor();
            if (decompressor.Unwrap(frame, data) is var length && length != data.Length)
            {
                throw new MessageFormatException($"Expected {data.Length} bytes in the Zstandard frame, found {length}.");
            }
        }
        catch (ZstdException error)
        {
            throw new MessageFormatException($"The Zstandard frame of {frame.Length} bytes is damaged: {error.Message}", error);
        }
    }

    /// <summary>Null, or why the frame does not hold <paramref name="expected"/> bytes.</summary>
    public static string? WhyNot(ReadOnlySpan<byte> frame, ulong expected)
    {
        // A message is believed up to what a camera could send, not up to what its numbers claim.
        const int Most = 1 << 28;
        if (expected > Most)
        {
            return $"{expected} bytes are more than a picture or cloud has (at most {Most})";
        }

        byte[] room = ArrayPool<byte>.Shared.Rent((int)expected);
        try
        {
            Read(frame, room.AsSpan(0, (int)expected));
            return null;
        }
        catch (MessageFormatException error)
        {
            return error.Message;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(room);
        }
    }
}
