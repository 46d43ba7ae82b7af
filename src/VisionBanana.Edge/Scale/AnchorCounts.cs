namespace VisionBanana.Edge.Scale;

/// <summary>How often something counted, and how often it did not, by reason. Safe for several threads; nothing is allocated by counting.</summary>
public sealed class AnchorCounts
{
    private readonly long[] _counts = new long[Enum.GetValues<AnchorRefusal>().Length];

    /// <summary>How often it counted.</summary>
    public long Used => this[AnchorRefusal.None];

    /// <summary>How often with this outcome.</summary>
    public long this[AnchorRefusal refusal] => Interlocked.Read(ref _counts[(int)refusal]);

    /// <summary>Every reason that was met, with its count.</summary>
    public IReadOnlyDictionary<AnchorRefusal, long> Refused => Enum.GetValues<AnchorRefusal>()
        .Where(r => r != AnchorRefusal.None && this[r] > 0).ToDictionary(r => r, r => this[r]);

    internal void Add(AnchorRefusal refusal) => Interlocked.Increment(ref _counts[(int)refusal]);
}
