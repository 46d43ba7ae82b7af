namespace VisionBanana.Edge.Cli.Viewing;

/// <summary>What one page may ask of us: a bucket that refills. A page that shows 60 pictures per second and a person who clicks stay far below it.</summary>
internal sealed class RequestBudget(TimeProvider clock)
{
    private const double Most = 300, PerSecond = 150;

    /// <summary>A receipt of a shown picture costs one; a command, which is longer, as much as ten; a long prompt more.</summary>
    private const int CheapBytes = 64, BytesPerUnit = 1024;

    private double _left = Most;
    private long _lastStamp = clock.GetTimestamp();

    /// <summary>Takes what a request of this length costs; false when there is not enough left.</summary>
    public bool TrySpend(int bytes)
    {
        long now = clock.GetTimestamp();
        _left = Math.Min(Most, _left + (clock.GetElapsedTime(_lastStamp, now).TotalSeconds * PerSecond));
        _lastStamp = now;
        double cost = bytes <= CheapBytes ? 1 : 10 + (bytes / BytesPerUnit);
        if (cost > _left)
        {
            return false;
        }

        _left -= cost;
        return true;
    }
}
