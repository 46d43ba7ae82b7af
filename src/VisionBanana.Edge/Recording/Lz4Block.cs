using System.Buffers.Binary;

namespace VisionBanana.Edge.Recording;

/// <summary>
/// The LZ4 block format: literals and matches of at least 4 bytes, at most 65535 bytes back. Greedy with one hash table, which is kept.
/// </summary>
internal sealed class Lz4Block
{
    private const int MinMatch = 4, HashBits = 14, MaxDistance = 65535;

    // The last match begins at least 12 bytes before the end and the last 5 bytes are literals: readers rely on it.
    private const int MatchLimit = 12, LastLiterals = 5;

    private readonly int[] _table = new int[1 << HashBits];

    /// <summary>Compresses; 0 when it does not fit <paramref name="target"/>.</summary>
    public int Compress(ReadOnlySpan<byte> source, Span<byte> target)
    {
        Array.Clear(_table);
        int written = 0, anchor = 0, at = 0, misses = 0;
        while (at <= source.Length - MatchLimit)
        {
            uint sequence = BinaryPrimitives.ReadUInt32LittleEndian(source[at..]);
            ref int slot = ref _table[(sequence * 2654435761u) >> (32 - HashBits)];

            // Positions are kept plus one: zero means none.
            int candidate = slot - 1;
            slot = at + 1;
            if (candidate < 0 || at - candidate > MaxDistance || BinaryPrimitives.ReadUInt32LittleEndian(source[candidate..]) != sequence)
            {
                // Steps grow where nothing repeats, so that incompressible data is passed over quickly.
                at += 1 + (misses++ >> 6);
                continue;
            }

            misses = 0;
            while (at > anchor && candidate > 0 && source[at - 1] == source[candidate - 1])
            {
                at--;
                candidate--;
            }

            int length = MinMatch + source[(at + MinMatch)..^LastLiterals].CommonPrefixLength(source[(candidate + MinMatch)..]);
            written = WriteSequence(source[anchor..at], at - candidate, length - MinMatch, target, written);
            if (written == 0)
            {
                return 0;
            }

            at += length;
            anchor = at;
        }

        return WriteSequence(source[anchor..], 0, 0, target, written);
    }

    /// <summary>
    /// Decompresses into <paramref name="target"/> behind the <paramref name="prefix"/> bytes that matches may reach back to; returns how
    /// many were written.
    /// </summary>
    /// <exception cref="MessageFormatException">The block is damaged or larger than the target.</exception>
    public static int Decompress(ReadOnlySpan<byte> source, Span<byte> target, int prefix)
    {
        int at = 0, written = prefix;
        while (at < source.Length)
        {
            int token = source[at++];
            int literals = ReadLength(source, ref at, token >> 4);
            if (literals > source.Length - at || literals > target.Length - written)
            {
                throw Damaged(at);
            }

            source.Slice(at, literals).CopyTo(target[written..]);
            at += literals;
            written += literals;
            if (at == source.Length)
            {
                return written - prefix;
            }

            if (source.Length - at < 2)
            {
                throw Damaged(at);
            }

            int distance = BinaryPrimitives.ReadUInt16LittleEndian(source[at..]);
            at += 2;
            int length = MinMatch + ReadLength(source, ref at, token & 15);
            if (distance == 0 || distance > written || length > target.Length - written)
            {
                throw Damaged(at);
            }

            CopyMatch(target, written, distance, length);
            written += length;
        }

        throw Damaged(at);
    }

    private static void CopyMatch(Span<byte> target, int at, int distance, int length)
    {
        // Each round copies what is already there, so that an overlapping match doubles its pattern.
        while (length > distance)
        {
            target.Slice(at - distance, distance).CopyTo(target[at..]);
            at += distance;
            length -= distance;
            distance *= 2;
        }

        target.Slice(at - distance, length).CopyTo(target[at..]);
    }

    private static int ReadLength(ReadOnlySpan<byte> source, ref int at, int nibble)
    {
        if (nibble < 15)
        {
            return nibble;
        }

        int length = nibble;
        byte more;
        do
        {
            if (at == source.Length || length > int.MaxValue - 512)
            {
                throw Damaged(at);
            }

            more = source[at++];
            length += more;
        }
        while (more == 255);

        return length;
    }

    /// <summary>Writes literals and the match behind them (distance 0 = none, the last sequence); 0 when there is no room.</summary>
    private static int WriteSequence(ReadOnlySpan<byte> literals, int distance, int matchExtra, Span<byte> target, int at)
    {
        long room = 1L + (literals.Length / 255) + 1 + literals.Length + (distance == 0 ? 0 : 2 + (matchExtra / 255) + 1);
        if (room > target.Length - at)
        {
            return 0;
        }

        target[at++] = (byte)((Math.Min(literals.Length, 15) << 4) | Math.Min(matchExtra, 15));
        at = WriteLength(target, at, literals.Length);
        literals.CopyTo(target[at..]);
        at += literals.Length;
        if (distance != 0)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(target[at..], (ushort)distance);
            at = WriteLength(target, at + 2, matchExtra);
        }

        return at;
    }

    private static int WriteLength(Span<byte> target, int at, int length)
    {
        if (length < 15)
        {
            return at;
        }

        for (length -= 15; length >= 255; length -= 255)
        {
            target[at++] = 255;
        }

        target[at++] = (byte)length;
        return at;
    }

    private static MessageFormatException Damaged(int at) => new($"The LZ4 block is damaged at byte {at}.");
}
