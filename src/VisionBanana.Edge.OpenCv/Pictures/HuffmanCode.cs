namespace VisionBanana.Edge.OpenCv.Pictures;

/// <summary>
/// A prefix code as deflate wants it: canonical, complete, no code longer than a limit, bits in the order in which they are written
/// (the first in the lowest place). Reused from block to block without allocating.
/// </summary>
internal sealed class HuffmanCode(int symbols, int maxLength)
{
    private readonly int[] _frequencies = new int[symbols];
    private readonly ulong[] _leaves = new ulong[symbols];
    private readonly long[] _weights = new long[2 * symbols];
    private readonly int[] _parents = new int[2 * symbols];
    private readonly int[] _depths = new int[2 * symbols];
    private readonly byte[] _lengths = new byte[symbols];
    private readonly ushort[] _codes = new ushort[symbols];

    /// <summary>Bits per symbol; 0 = the symbol does not occur.</summary>
    public ReadOnlySpan<byte> Lengths => _lengths;

    /// <summary>The codes, to be written from the lowest bit.</summary>
    public ReadOnlySpan<ushort> Codes => _codes;

    /// <summary>Makes the code for these frequencies, of which at least two are above 0.</summary>
    public void Build(ReadOnlySpan<int> frequencies)
    {
        frequencies.CopyTo(_frequencies);
        while (!TryFindLengths())
        {
            // Flatter frequencies give shorter codes; when all are 1 the longest has log2(symbols) bits.
            foreach (ref int frequency in _frequencies.AsSpan())
            {
                frequency = (frequency + 1) / 2;
            }
        }

        AssignCodes();
    }

    private bool TryFindLengths()
    {
        int count = 0;
        for (int symbol = 0; symbol < symbols; symbol++)
        {
            _lengths[symbol] = 0;
            if (_frequencies[symbol] > 0)
            {
                _leaves[count++] = ((ulong)_frequencies[symbol] << 16) | (uint)symbol;
            }
        }

        _leaves.AsSpan(0, count).Sort();
        for (int i = 0; i < count; i++)
        {
            _weights[i] = (long)(_leaves[i] >> 16);
        }

        // Nodes are made in the order of their weights, so the two lightest stand at the heads of two queues: leaves and nodes.
        int root = (2 * count) - 2;
        int leaf = 0, node = count;
        for (int next = count; next <= root; next++)
        {
            int first = TakeLightest(ref leaf, ref node, count, next);
            int second = TakeLightest(ref leaf, ref node, count, next);
            _weights[next] = _weights[first] + _weights[second];
            _parents[first] = _parents[second] = next;
        }

        _depths[root] = 0;
        for (int i = root - 1; i >= 0; i--)
        {
            _depths[i] = _depths[_parents[i]] + 1;
            if (i < count)
            {
                if (_depths[i] > maxLength)
                {
                    return false;
                }

                _lengths[(int)(_leaves[i] & 0xFFFF)] = (byte)_depths[i];
            }
        }

        return true;
    }

    private int TakeLightest(ref int leaf, ref int node, int leaves, int made) =>
        leaf < leaves && (node == made || _weights[leaf] <= _weights[node]) ? leaf++ : node++;

    private void AssignCodes()
    {
        Span<int> counts = stackalloc int[16];
        Span<int> next = stackalloc int[16];
        counts.Clear();
        foreach (byte length in _lengths)
        {
            counts[length]++;
        }

        counts[0] = next[0] = 0;
        for (int length = 1; length < next.Length; length++)
        {
            next[length] = (next[length - 1] + counts[length - 1]) << 1;
        }

        for (int symbol = 0; symbol < symbols; symbol++)
        {
            int length = _lengths[symbol];
            _codes[symbol] = length == 0 ? (ushort)0 : Reversed(next[length]++, length);
        }
    }

    private static ushort Reversed(int code, int length)
    {
        int reversed = 0;
        for (int i = 0; i < length; i++)
        {
            reversed = (reversed << 1) | ((code >> i) & 1);
        }

        return (ushort)reversed;
    }
}
