namespace VisionBanana.Edge.Cli.Viewing;

/// <summary>The last durations, for people who look now: percentiles of a whole run say what the first minute was like.</summary>
internal sealed class RecentDurations
{
    private const int Most = 64;

    private readonly Lock _gate = new();
    private readonly Queue<long> _nanoseconds = new(Most);

    /// <summary>Adds one; the oldest of more than 64 goes.</summary>
    public void Add(long nanoseconds)
    {
        lock (_gate)
        {
            if (_nanoseconds.Count == Most)
            {
                _nanoseconds.Dequeue();
            }

            _nanoseconds.Enqueue(nanoseconds);
        }
    }

    /// <summary>The duration in milliseconds that the given share (0–1) of them does not exceed; NaN when there are none.</summary>
    public double PercentileMs(double share)
    {
        lock (_gate)
        {
            long[] sorted = [.. _nanoseconds.Order()];
            return sorted.Length == 0 ? double.NaN : sorted[Math.Clamp((int)Math.Ceiling(share * sorted.Length) - 1, 0, sorted.Length - 1)] / 1e6;
        }
    }
}
