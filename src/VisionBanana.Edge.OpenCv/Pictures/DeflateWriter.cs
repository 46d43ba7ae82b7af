using System.Buffers.Binary;

namespace VisionBanana.Edge.OpenCv.Pictures;

/// <summary>
/// Deflate (RFC 1951) for rows that a PNG filter has made small numbers of: one dynamic prefix code per block and runs of one byte, no search
/// for other repetitions. That is zlib's RLE strategy, at several times its speed. Allocates nothing once warm.
/// </summary>
internal sealed class DeflateWriter
{
    private const int EndOfBlock = 256, Symbols = 286, MinRun = 4, MaxRun = 258, LongestHeader = 400, DynamicCode = 2;

    // How many bits follow a length symbol, and the first length it stands for: symbols 257 to 285.
    private static readonly byte[] LengthSymbols = new byte[MaxRun + 1];
    private static readonly byte[] LengthExtraBits = new byte[MaxRun + 1];
    private static readonly byte[] LengthExtra = new byte[MaxRun + 1];

    private readonly HuffmanCode _symbols = new(Symbols, 15);
    private readonly HuffmanCode _lengths = new(19, 7);
    private readonly int[] _tokenCounts = new int[EndOfBlock + MaxRun + 1];
    private readonly uint[] _tokenBits = new uint[EndOfBlock + MaxRun + 1];
    private readonly int[] _counts = new int[Symbols];
    private ushort[] _tokens = [];
    private ulong _bits;
    private int _bitCount;

    static DeflateWriter()
    {
        // Four symbols for each number of extra bits from the ninth symbol on; 258 has a symbol of its own.
        int length = 3;
        for (int symbol = 0; symbol < 28; symbol++)
        {
            int extraBits = symbol < 8 ? 0 : (symbol / 4) - 1;
            for (int extra = 0; extra < 1 << extraBits; extra++, length++)
            {
                (LengthSymbols[length], LengthExtraBits[length], LengthExtra[length]) = ((byte)symbol, (byte)extraBits, (byte)extra);
            }
        }

        (LengthSymbols[MaxRun], LengthExtraBits[MaxRun], LengthExtra[MaxRun]) = (28, 0, 0);
    }

    /// <summary>The room that <see cref="WriteBlock"/> needs for so many bytes, whatever they are.</summary>
    public static int RoomFor(int bytes) => (2 * bytes) + LongestHeader;

    /// <summary>Begins another stream.</summary>
    public void Begin() => (_bits, _bitCount) = (0, 0);

    /// <summary>Appends a block; returns how many whole bytes stand in <paramref name="output"/>. The bits behind them begin the next block.</summary>
    public int WriteBlock(ReadOnlySpan<byte> data, bool last, Span<byte> output)
    {
        ReadOnlySpan<ushort> tokens = FindRuns(data);
        CountSymbols();
        _symbols.Build(_counts);
        int at = 0;
        WriteHeader(last, output, ref at);
        FillTokenBits();
        WriteTokens(tokens, output, ref at);
        if (last && _bitCount > 0)
        {
            output[at++] = (byte)_bits;
        }

        return at;
    }

    /// <summary>Bytes as they are, 256 + n for the byte before n times, and the end of the block.</summary>
    private ReadOnlySpan<ushort> FindRuns(ReadOnlySpan<byte> data)
    {
        if (_tokens.Length <= data.Length)
        {
            _tokens = GC.AllocateUninitializedArray<ushort>(data.Length + 1);
        }

        Span<ushort> tokens = _tokens;
        Span<int> counts = _tokenCounts;
        counts.Clear();
        int count = 0;
        for (int i = 0; i < data.Length;)
        {
            int token = data[i];
            int length = 1;
            if (i > 0 && i <= data.Length - MinRun && BinaryPrimitives.ReadUInt32LittleEndian(data[i..]) == data[i - 1] * 0x01010101u)
            {
                ReadOnlySpan<byte> ahead = data.Slice(i, Math.Min(MaxRun, data.Length - i));
                int other = ahead.IndexOfAnyExcept((byte)token);
                length = other < 0 ? ahead.Length : other;
                token = EndOfBlock + length;
            }

            tokens[count++] = (ushort)token;
            counts[token]++;
            i += length;
        }

        tokens[count++] = EndOfBlock;
        counts[EndOfBlock]++;
        return tokens[..count];
    }

    private void WriteTokens(ReadOnlySpan<ushort> tokens, Span<byte> output, ref int at)
    {
        ReadOnlySpan<uint> entries = _tokenBits;
        (ulong bits, int count, int end) = (_bits, _bitCount, at);
        for (int i = 0; i < tokens.Length; i += 2)
        {
            // Two tokens have at most 42 bits, to which up to 7 are left from before.
            uint first = entries[tokens[i]];
            uint second = i + 1 < tokens.Length ? entries[tokens[i + 1]] : 0;
            bits |= (ulong)(first >> 8) << count;
            count += (int)(first & 0xFF);
            bits |= (ulong)(second >> 8) << count;
            count += (int)(second & 0xFF);
            BinaryPrimitives.WriteUInt64LittleEndian(output[end..], bits);
            end += count / 8;
            bits >>= count & ~7;
            count &= 7;
        }

        (_bits, _bitCount, at) = (bits, count, end);
    }

    private void CountSymbols()
    {
        _tokenCounts.AsSpan(0, EndOfBlock + 1).CopyTo(_counts);
        _counts.AsSpan(EndOfBlock + 1).Clear();
        for (int run = MinRun; run <= MaxRun; run++)
        {
            _counts[EndOfBlock + 1 + LengthSymbols[run]] += _tokenCounts[EndOfBlock + run];
        }
    }

    /// <summary>Per token its bits and, in the lowest byte, how many: code, extra bits and the distance 1 in one.</summary>
    private void FillTokenBits()
    {
        for (int token = 0; token <= EndOfBlock; token++)
        {
            _tokenBits[token] = ((uint)_symbols.Codes[token] << 8) | _symbols.Lengths[token];
        }

        for (int run = MinRun; run <= MaxRun; run++)
        {
            int symbol = EndOfBlock + 1 + LengthSymbols[run];
            int length = _symbols.Lengths[symbol];
            uint bits = _symbols.Codes[symbol] | ((uint)LengthExtra[run] << length);
            _tokenBits[EndOfBlock + run] = (bits << 8) | (uint)(length + LengthExtraBits[run] + 1);
        }
    }

    private void WriteHeader(bool last, Span<byte> output, ref int at)
    {
        // Of the two distance codes, one bit each, only that of distance 1 is used: a code of one alone is refused by some readers.
        Span<byte> lengths = stackalloc byte[Symbols + 2];
        _symbols.Lengths.CopyTo(lengths);
        lengths[Symbols..].Fill(1);
        Span<int> counts = stackalloc int[19];
        counts.Clear();
        foreach (byte length in lengths)
        {
            counts[length]++;
        }

        _lengths.Build(counts);
        Put(last ? 1u : 0, 1, output, ref at);
        Put(DynamicCode, 2, output, ref at);
        Put(Symbols - 257, 5, output, ref at);
        Put(1, 5, output, ref at);
        Put(15, 4, output, ref at);
        foreach (byte symbol in (ReadOnlySpan<byte>)[16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15])
        {
            Put(_lengths.Lengths[symbol], 3, output, ref at);
        }

        foreach (byte length in lengths)
        {
            Put(_lengths.Codes[length], _lengths.Lengths[length], output, ref at);
        }
    }

    private void Put(uint bits, int count, Span<byte> output, ref int at)
    {
        _bits |= (ulong)bits << _bitCount;
        for (_bitCount += count; _bitCount >= 8; _bitCount -= 8)
        {
            output[at++] = (byte)_bits;
            _bits >>= 8;
        }
    }
}
