using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using VisionBanana.Edge.Messages.Ros;

namespace VisionBanana.Edge.Messages;

/// <summary>
/// The data of a depth picture as compressed_depth_image_transport writes and reads it: 12 bytes of configuration (int32 0, then two float32
/// that only matter to 32-bit depth, 0 here), then a 16-bit PNG file, or columns and rows as uint32 and the words of <see cref="RvlCodec"/>.
/// Our Zstandard form is that of RVL with a frame instead of the words. Samples are millimetres, 0 = no measurement.
/// </summary>
public static class CompressedDepth
{
    /// <summary>Bytes before the PNG file, or before the size.</summary>
    public const int ConfigLength = 12;

    /// <summary>Bytes before the RVL words or the Zstandard frame: configuration, columns and rows.</summary>
    public const int HeaderLength = ConfigLength + (2 * sizeof(uint));

    // A message is believed up to what a camera could send, not up to what its numbers claim.
    private const long MostSamples = 1 << 27;

    /// <summary>Decodes a picture whose format is <see cref="ImageEncodings.DepthRvl"/> or <see cref="ImageEncodings.DepthZstd"/>.</summary>
    /// <param name="data">All data of the message.</param>
    /// <param name="format">The format of the message.</param>
    /// <param name="samples">Room for height × width samples.</param>
    /// <param name="width">The width that is expected.</param>
    /// <param name="height">The height that is expected.</param>
    /// <exception cref="MessageFormatException">The data is damaged or a picture of another size or format.</exception>
    public static void Read(ReadOnlySpan<byte> data, string format, Span<ushort> samples, int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(samples.Length, checked(width * height), nameof(samples));
        (uint columns, uint rows) = Size(data);
        if (columns != (uint)width || rows != (uint)height)
        {
            throw new MessageFormatException($"Expected depth of {width} × {height}, found {columns} × {rows}.");
        }

        samples = samples[..(width * height)];
        switch (format)
        {
            case ImageEncodings.DepthRvl:
                RvlCodec.Decode(data[HeaderLength..], samples);
                break;
            case ImageEncodings.DepthZstd:
                ZstdData.Read(data[HeaderLength..], MemoryMarshal.AsBytes(samples));
                break;
            default:
                throw new MessageFormatException($"Expected '{ImageEncodings.DepthRvl}' or '{ImageEncodings.DepthZstd}', found '{format}'.");
        }
    }

    /// <summary>Columns and rows of depth in RVL or Zstandard.</summary>
    /// <exception cref="MessageFormatException">The data ends before them.</exception>
    public static (uint Columns, uint Rows) Size(ReadOnlySpan<byte> data) => data.Length >= HeaderLength
        ? (BinaryPrimitives.ReadUInt32LittleEndian(data[ConfigLength..]), BinaryPrimitives.ReadUInt32LittleEndian(data[(ConfigLength + sizeof(uint))..]))
        : throw new MessageFormatException($"Compressed depth begins with {HeaderLength} bytes of configuration and size, found {data.Length}.");

    /// <summary>Appends the configuration; the PNG file is to follow.</summary>
    internal static void WriteConfig(CdrWriter writer)
    {
        writer.GetSpan(ConfigLength)[..ConfigLength].Clear();
        writer.Advance(ConfigLength);
    }

    /// <summary>Appends configuration and size; the samples are to follow.</summary>
    internal static void WriteHeader(CdrWriter writer, int width, int height)
    {
        WriteConfig(writer);
        Span<byte> room = writer.GetSpan(HeaderLength - ConfigLength);
        BinaryPrimitives.WriteInt32LittleEndian(room, width);
        BinaryPrimitives.WriteInt32LittleEndian(room[sizeof(int)..], height);
        writer.Advance(HeaderLength - ConfigLength);
    }

    /// <summary>Appends configuration, size and samples (Height × Width) as RVL.</summary>
    internal static void WriteRvl(CdrWriter writer, ReadOnlySpan<ushort> samples, int width, int height)
    {
        WriteHeader(writer, width, height);
        writer.Advance(RvlCodec.Encode(samples, writer.GetSpan(RvlCodec.MaxLength(samples.Length))));
    }

    /// <summary>Null, or why the data is no depth of this size.</summary>
    internal static string? WhyNot(ReadOnlySpan<byte> data, string format, int width, int height)
    {
        if (width < 0 || height < 0 || (long)width * height > MostSamples)
        {
            return $"{width} × {height} samples are no depth picture (at most {MostSamples})";
        }

        ushort[] room = ArrayPool<ushort>.Shared.Rent(width * height);
        try
        {
            Read(data, format, room, width, height);
            return null;
        }
        catch (MessageFormatException error)
        {
            return error.Message;
        }
        finally
        {
            ArrayPool<ushort>.Shared.Return(room);
        }
    }
}
