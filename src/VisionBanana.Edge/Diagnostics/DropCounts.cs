namespace VisionBanana.Edge.Diagnostics;

/// <summary>Drops by reason.</summary>
internal sealed class DropCounts
{
    private readonly long[] _counts = new long[Enum.GetValues<DropReason>().Length];

    public long this[DropReason reason] => _counts[(int)reason];

    public void Add(DropReason reason) => _counts[(int)reason]++;

    public void AddTo(SortedDictionary<DropReason, long> sums)
    {
        for (int i = 0; i < _counts.Length; i++)
        {
            if (_counts[i] != 0)
            {
                sums[(DropReason)i] = sums.GetValueOrDefault((DropReason)i) + _counts[i];
            }
        }
    }
}
