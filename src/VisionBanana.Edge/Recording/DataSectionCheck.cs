using System.IO.Hashing;

namespace VisionBanana.Edge.Recording;

/// <summary>
/// Checks the CRC over all data of a file, once. The specification names "all bytes in the data section"; the writers in use begin at
/// the magic: a value that fits from the magic, from behind it or from behind the header is accepted.
/// </summary>
internal sealed class DataSectionCheck(ByteSource source, long dataAt, (long At, uint Crc)? dataEnd)
{
    private readonly Lock _gate = new();
    private bool? _sound;

    /// <summary>What is wrong; null when the data are sound or there is nothing to check them by.</summary>
    public string? Problem()
    {
        if (dataEnd is not { } end)
        {
            return null;
        }

        lock (_gate)
        {
            return (_sound ??= IsSound(end.At, end.Crc))
                ? null
                : $"The data before byte {end.At} are damaged somewhere: they do not have the CRC {end.Crc:X8} that stands there.";
        }
    }

    private bool IsSound(long until, uint crc)
    {
        const int BlockBytes = 1 << 18;
        long[] begins = [0, McapFormat.Magic.Length, dataAt];
        Crc32[] sums = [new(), new(), new()];
        byte[] block = new byte[(int)Math.Min(BlockBytes, until)];
        for (long at = 0; at < until;)
        {
            Span<byte> bytes = block.AsSpan(0, (int)Math.Min(block.Length, until - at));
            source.Read(at, bytes);
            for (int i = 0; i < sums.Length; i++)
            {
                sums[i].Append(bytes[(int)Math.Clamp(begins[i] - at, 0, bytes.Length)..]);
            }

            at += bytes.Length;
        }

        return Array.Exists(sums, sum => sum.GetCurrentHashAsUInt32() == crc);
    }
}
