using ZstdSharp;

namespace VisionBanana.Edge.Recording;

/// <summary>Compresses and decompresses the records of chunks. For one thread.</summary>
internal sealed class ChunkCodec : IDisposable
{
    // A Zstandard block of 4 bytes can stand for 128 KiB, an LZ4 byte for 255.
    private const long MaxZstdRatio = 32768, MaxLz4Ratio = 256;

    private readonly int _level;
    private Lz4Frame? _lz4;
    private Compressor? _compressor;
    private Decompressor? _decompressor;

    public ChunkCodec(int level = 1) => _level = level;

    /// <summary>Appends the compressed records and returns how many bytes they took.</summary>
    public int Compress(McapCompression compression, ReadOnlySpan<byte> records, RecordBuffer output)
    {
        if (compression == McapCompression.None)
        {
            output.WriteBytes(records);
            return records.Length;
        }

        int start = output.Length;
        long bound = compression == McapCompression.Lz4 ? Lz4Frame.Bound(records.Length) : Compressor.GetCompressBound(records.Length);
        Span<byte> room = output.Reserve(checked((int)bound));
        int length = compression == McapCompression.Lz4
            ? (_lz4 ??= new Lz4Frame()).Compress(records, room)
            : (_compressor ??= new Compressor(_level)).Wrap(records, room);
        output.Cut(start + length);
        return length;
    }

    /// <summary>Whether so few bytes can hold so many at all: checked before a buffer is taken for them.</summary>
    public static bool CanHold(McapCompression compression, long stored, long size) => compression switch
    {
        McapCompression.None => stored == size,
        McapCompression.Lz4 => size <= stored * MaxLz4Ratio,
        _ => size / MaxZstdRatio <= stored,
    };

    /// <summary>Fills <paramref name="records"/> exactly.</summary>
    /// <exception cref="MessageFormatException">The stored bytes are damaged.</exception>
    public void Decompress(McapCompression compression, ReadOnlySpan<byte> stored, Span<byte> records)
    {
        switch (compression)
        {
            case McapCompression.Lz4:
                Lz4Frame.Decompress(stored, records);
                return;
            case McapCompression.Zstd:
                DecompressZstd(stored, records);
                return;
            default:
                stored.CopyTo(records);
                return;
        }
    }

    public void Dispose()
    {
        _compressor?.Dispose();
        _decompressor?.Dispose();
    }

    private void DecompressZstd(ReadOnlySpan<byte> stored, Span<byte> records)
    {
        int length;
        try
        {
            length = (_decompressor ??= new Decompressor()).Unwrap(stored, records);
        }
        catch (ZstdException error)
        {
            throw new MessageFormatException($"The Zstandard frame of {stored.Length} bytes is damaged: {error.Message}", error);
        }

        if (length != records.Length)
        {
            throw new MessageFormatException($"Expected {records.Length} bytes in the Zstandard frame, found {length}.");
        }
    }
}
