using ZstdSharp;

namespace VisionBanana.Edge.Recording;

/// <summary>
/// Decompresses payloads that ros2 bag compressed one by one (compression mode MESSAGE). They are known by the first bytes of a Zstandard
/// frame: no CDR message begins so. For one thread.
/// </summary>
internal sealed class PayloadUnpacker(int maxBytes) : IDisposable
{
    private static readonly byte[] Magic = [0x28, 0xB5, 0x2F, 0xFD];

    private Decompressor? _decompressor;
    private byte[] _payload = [];

    /// <summary>The payload as it was published; valid until the next call.</summary>
    /// <exception cref="MessageFormatException">The frame is damaged, does not tell its size, or tells one that is too large.</exception>
    public ReadOnlyMemory<byte> Unpack(ReadOnlyMemory<byte> payload)
    {
        if (!payload.Span.StartsWith(Magic))
        {
            return payload;
        }

        try
        {
            ulong size = Decompressor.GetDecompressedSize(payload.Span);
            if (size > (ulong)maxBytes || !ChunkCodec.CanHold(McapCompression.Zstd, payload.Length, (long)size))
            {
                throw new MessageFormatException(
                    $"The Zstandard frame of {payload.Length} bytes claims {size}; {nameof(McapReaderOptions.MaxRecordBytes)} allows {maxBytes}.");
            }

            if (_payload.Length < (int)size)
            {
                _payload = GC.AllocateUninitializedArray<byte>((int)size);
            }

            int length = (_decompressor ??= new Decompressor()).Unwrap(payload.Span, _payload.AsSpan(0, (int)size));
            return _payload.AsMemory(0, length);
        }
        catch (ZstdException error)
        {
            throw new MessageFormatException($"The Zstandard frame of {payload.Length} bytes is damaged: {error.Message}", error);
        }
    }

    public void Dispose() => _decompressor?.Dispose();
}
