using System.Buffers.Binary;
using System.IO.Hashing;

namespace VisionBanana.Edge.Recording;

/// <summary>
/// LZ4 frames (lz4_Frame_format 1.6), as MCAP chunks hold them: written with independent blocks of 4 MiB, read in every form without a
/// dictionary. Keeps a hash table for compression: for one thread at a time; nothing is allocated per frame.
/// </summary>
internal sealed class Lz4Frame
{
    private const uint Magic = 0x184D2204, Stored = 0x8000_0000;
    private const int BlockBytes = 4 << 20, HeadBytes = 7;

    private readonly Lz4Block _block = new();

    /// <summary>The most bytes a frame of <paramref name="length"/> bytes takes: stored blocks.</summary>
    public static long Bound(int length) => HeadBytes + length + (((length / BlockBytes) + 2L) * sizeof(uint));

    /// <summary>Writes a frame and returns its length.</summary>
    /// <param name="source">What is compressed.</param>
    /// <param name="target">At least <see cref="Bound"/> bytes.</param>
    public int Compress(ReadOnlySpan<byte> source, Span<byte> target)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(target, Magic);

        // Version 01, independent blocks, no checksums (the chunk has its own); blocks of at most 4 MiB.
        target[4] = 0x60;
        target[5] = 0x70;
        target[6] = HeadCheck(target[4..6]);
        int position = HeadBytes;
        for (int start = 0; start < source.Length; start += BlockBytes)
        {
            ReadOnlySpan<byte> block = source.Slice(start, Math.Min(BlockBytes, source.Length - start));
            Span<byte> room = target.Slice(position + sizeof(uint), block.Length);
            int length = _block.Compress(block, room[..^1]);
            if (length == 0)
            {
                block.CopyTo(room);
                length = block.Length;
            }

            BinaryPrimitives.WriteUInt32LittleEndian(target[position..], length == block.Length ? (uint)length | Stored : (uint)length);
            position += sizeof(uint) + length;
        }

        BinaryPrimitives.WriteUInt32LittleEndian(target[position..], 0);
        return position + sizeof(uint);
    }

    /// <summary>Reads frames that fill <paramref name="target"/> exactly.</summary>
    /// <exception cref="MessageFormatException">They do not.</exception>
    public static void Decompress(ReadOnlySpan<byte> source, Span<byte> target)
    {
        int written = 0;
        var reader = new RecordReader(source, "LZ4");
        do
        {
            written = ReadFrame(ref reader, source, target, written);
        }
        while (reader.Remaining > 0);

        if (written != target.Length)
        {
            throw new MessageFormatException($"Expected {target.Length} bytes in the LZ4 frame, found {written}.");
        }
    }

    private static int ReadFrame(ref RecordReader reader, ReadOnlySpan<byte> source, Span<byte> target, int written)
    {
        uint magic = reader.ReadUInt32();
        if (magic is >= 0x184D2A50 and <= 0x184D2A5F)
        {
            reader.ReadSized();
            return written;
        }

        if (magic != Magic)
        {
            throw new MessageFormatException($"Expected an LZ4 frame (04 22 4D 18), found {magic:X8}.");
        }

        int headStart = reader.Position, frameStart = written;
        byte flags = reader.ReadUInt8();
        reader.ReadUInt8();
        if (flags >> 6 != 1 || (flags & 1) != 0)
        {
            throw new MessageFormatException($"The LZ4 frame has the flags {flags:X2}: expected version 1 and no dictionary.");
        }

        if ((flags & 8) != 0)
        {
            reader.ReadInt64();
        }

        byte check = HeadCheck(source[headStart..reader.Position]);
        if (reader.ReadUInt8() is byte found && found != check)
        {
            throw new MessageFormatException($"The head of the LZ4 frame is damaged: expected the check byte {check:X2}, found {found:X2}.");
        }

        bool blockChecks = (flags & 0x10) != 0, contentCheck = (flags & 4) != 0, independent = (flags & 0x20) != 0;
        while (reader.ReadUInt32() is uint size && size != 0)
        {
            int start = reader.Position;
            reader.Skip(size & ~Stored);
            ReadOnlySpan<byte> block = source[start..reader.Position];
            if (blockChecks)
            {
                Check(reader.ReadUInt32(), block, "block");
            }

            if ((size & Stored) == 0)
            {
                written += Lz4Block.Decompress(block, target[(independent ? written : frameStart)..], independent ? 0 : written - frameStart);
            }
            else if (block.TryCopyTo(target[written..]))
            {
                written += block.Length;
            }
            else
            {
                throw new MessageFormatException($"The LZ4 frame holds more than the {target.Length} bytes it claims.");
            }
        }

        if (contentCheck)
        {
            Check(reader.ReadUInt32(), target[frameStart..written], "content");
        }

        return written;
    }

    private static void Check(uint expected, ReadOnlySpan<byte> bytes, string what)
    {
        uint found = XxHash32.HashToUInt32(bytes);
        if (found != expected)
        {
            throw new MessageFormatException($"The {what} of the LZ4 frame is damaged: expected the checksum {expected:X8}, found {found:X8}.");
        }
    }

    private static byte HeadCheck(ReadOnlySpan<byte> descriptor) => (byte)(XxHash32.HashToUInt32(descriptor) >> 8);
}
