namespace VisionBanana.Edge.Diagnostics;

/// <summary>Drops by reason.</summary>
internal sealed class DropCounts
{
    private readonly long[] _counts = new long[Enum.GetValues<DropReason>().Length];

    public long this[DropReason reason] => _counts[(int)reason];

    public void Add(DropReason reason) => _counts[(int)reason]++;

    public DropCounts Copy()
    {
        var copy = new DropCounts();
        _counts.CopyTo(copy._counts, 0);
        return copy;
    }

    /// <summary>Adds these counts, less those of <paramref name="before"/>.</summary>
    public void AddTo(SortedDictionary<DropReason, long> sums, DropCounts? before = null)
    {
        for (int i = 0; i < _counts.Length; i++)
        {
            long count = _counts[i] - (before?._counts[i] ?? 0);
            if (count != 0)
            {
                sums[(DropReason)i] = sums.GetValueOrDefault((DropReason)i) + count;
            }
        }
    }
}
