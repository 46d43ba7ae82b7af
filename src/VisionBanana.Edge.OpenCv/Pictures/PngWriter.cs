using System.Buffers;
using System.Buffers.Binary;
using System.IO.Hashing;

namespace VisionBanana.Edge.OpenCv.Pictures;

/// <summary>
/// Writes a picture as PNG, quickly: a filter per row, then <see cref="DeflateWriter"/>, block after block, each in an IDAT of its own, so that
/// its memory does not grow with the picture's height. Allocates nothing once warm.
/// </summary>
internal sealed class PngWriter
{
    private const int BlockBytes = 128 * 1024, ChunkHeader = 8;
    private const byte Grey = 0, Rgb = 2;

    private readonly DeflateWriter _deflate = new();
    private byte[] _zeros = [], _rows = [], _chunk = [];

    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>Appends a picture; returns how many bytes were written.</summary>
    /// <param name="pixels">Rows from the top without padding, RGB or grey; samples of 16 bits with the high byte first.</param>
    /// <param name="width">Pixels per row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="pixelBytes">3 = RGB, 2 = grey of 16 bits, 1 = grey of 8 bits.</param>
    /// <param name="output">Where the file goes.</param>
    public int Write(ReadOnlySpan<byte> pixels, int width, int height, int pixelBytes, IBufferWriter<byte> output)
    {
        int stride = width * pixelBytes;
        int rowsPerBlock = Math.Clamp(BlockBytes / (stride + 1), 1, height);
        Reserve(stride, rowsPerBlock * (stride + 1));
        int written = Signature.Length;
        output.Write(Signature);
        written += WriteHeader(width, height, pixelBytes, output);
        _deflate.Begin();
        uint checksum = 1;
        for (int first = 0; first < height; first += rowsPerBlock)
        {
            int count = Math.Min(rowsPerBlock, height - first);
            for (int i = 0; i < count; i++)
            {
                int y = first + i;
                PngFilter.Apply(
                    pixels.Slice(y * stride, stride),
                    y == 0 ? _zeros.AsSpan(0, stride) : pixels.Slice((y - 1) * stride, stride),
                    pixelBytes,
                    _rows.AsSpan(i * (stride + 1), stride + 1));
            }

            ReadOnlySpan<byte> rows = _rows.AsSpan(0, count * (stride + 1));
            checksum = Adler32(checksum, rows);
            bool last = first + count == height;
            int length = 0;
            if (first == 0)
            {
                // zlib: deflate with a window of 32 kB, made by a fast encoder.
                (_chunk[ChunkHeader], _chunk[ChunkHeader + 1]) = (0x78, 0x01);
                length = 2;
            }

            length += _deflate.WriteBlock(rows, last, _chunk.AsSpan(ChunkHeader + length));
            if (last)
            {
                BinaryPrimitives.WriteUInt32BigEndian(_chunk.AsSpan(ChunkHeader + length), checksum);
                length += 4;
            }

            written += WriteChunk("IDAT"u8, length, output);
        }

        return written + WriteChunk("IEND"u8, 0, output);
    }

    private void Reserve(int stride, int blockBytes)
    {
        if (_zeros.Length < stride)
        {
            _zeros = new byte[stride];
        }

        if (_rows.Length < blockBytes)
        {
            _rows = GC.AllocateUninitializedArray<byte>(blockBytes);
            _chunk = GC.AllocateUninitializedArray<byte>(ChunkHeader + 2 + DeflateWriter.RoomFor(blockBytes) + 4 + 4);
        }
    }

    private int WriteHeader(int width, int height, int pixelBytes, IBufferWriter<byte> output)
    {
        Span<byte> header = _chunk.AsSpan(ChunkHeader, 13);
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], height);
        header[8] = (byte)(pixelBytes == 2 ? 16 : 8);
        header[9] = pixelBytes == 3 ? Rgb : Grey;
        header[10..].Clear();
        return WriteChunk("IHDR"u8, 13, output);
    }

    /// <summary>Puts length, name and CRC around what stands in the chunk.</summary>
    private int WriteChunk(ReadOnlySpan<byte> name, int length, IBufferWriter<byte> output)
    {
        BinaryPrimitives.WriteInt32BigEndian(_chunk, length);
        name.CopyTo(_chunk.AsSpan(4));
        BinaryPrimitives.WriteUInt32BigEndian(_chunk.AsSpan(ChunkHeader + length), Crc32.HashToUInt32(_chunk.AsSpan(4, 4 + length)));
        int whole = ChunkHeader + length + 4;
        output.Write(_chunk.AsSpan(0, whole));
        return whole;
    }

    /// <summary>The check sum of zlib.</summary>
    private static uint Adler32(uint checksum, ReadOnlySpan<byte> bytes)
    {
        const uint Modulus = 65521;

        // So many bytes can be added before a sum could leave 32 bits.
        const int Most = 5552;
        (uint low, uint high) = (checksum & 0xFFFF, checksum >> 16);
        while (bytes.Length > 0)
        {
            ReadOnlySpan<byte> part = bytes[..Math.Min(Most, bytes.Length)];
            bytes = bytes[part.Length..];
            foreach (byte value in part)
            {
                low += value;
                high += low;
            }

            (low, high) = (low % Modulus, high % Modulus);
        }

        return (high << 16) | low;
    }
}
