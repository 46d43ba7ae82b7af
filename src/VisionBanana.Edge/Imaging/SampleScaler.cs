namespace VisionBanana.Edge.Imaging;

/// <summary>Brings 16-bit samples to 8 bits by a <see cref="SampleScale"/>; the range of the first picture holds for all. For one thread.</summary>
/// <param name="scale">Which part.</param>
public sealed class SampleScaler(SampleScale scale)
{
    private const double Outside = 0.001;

    private readonly byte[] _table = new byte[ushort.MaxValue + 1];
    private bool _isReady;

    /// <summary>The samples that become 0 and 255; null before the first picture when they are taken from it.</summary>
    public (int Min, int Max)? Range { get; private set; } = scale.Range;

    /// <summary>What each sample becomes; empty before <see cref="Look"/>.</summary>
    internal ReadOnlySpan<byte> Table => _isReady ? _table : [];

    /// <summary>Sees a picture before it is scaled; the first one decides.</summary>
    public void Look(ReadOnlySpan<ushort> samples)
    {
        if (_isReady)
        {
            return;
        }

        Range ??= RangeOf(samples);
        (int min, int max) = Range.Value;
        for (int i = 0; i < _table.Length; i++)
        {
            _table[i] = (byte)Math.Clamp(Math.Round((i - min) * 255.0 / (max - min)), 0, 255);
        }

        _isReady = true;
    }

    /// <summary>Scales samples that <see cref="Look"/> prepared for.</summary>
    public void Apply(ReadOnlySpan<ushort> samples, Span<byte> bytes)
    {
        ReadOnlySpan<byte> table = Table;
        for (int i = 0; i < samples.Length; i++)
        {
            bytes[i] = table[samples[i]];
        }
    }

    private static (int Min, int Max) RangeOf(ReadOnlySpan<ushort> samples)
    {
        int[] counts = new int[ushort.MaxValue + 1];
        foreach (ushort sample in samples)
        {
            counts[sample]++;
        }

        long beyond = (long)(samples.Length * Outside);
        int min = Edge(counts, beyond, fromAbove: false), max = Edge(counts, beyond, fromAbove: true);
        return min < max ? (min, max) : (Math.Max(min - 1, 0), Math.Min(min + 1, ushort.MaxValue));
    }

    private static int Edge(int[] counts, long beyond, bool fromAbove)
    {
        long seen = 0;
        for (int i = 0; i < counts.Length; i++)
        {
            int sample = fromAbove ? counts.Length - 1 - i : i;
            seen += counts[sample];
            if (seen > beyond)
            {
                return sample;
            }
        }

        return 0;
    }
}
