namespace VisionBanana.Edge.Mqtt;

/// <summary>Pauses between attempts: doubling, with jitter so that a fleet does not return to its broker in one moment.</summary>
internal sealed class BackOff(TimeSpan minimum, TimeSpan maximum, Random? random = null)
{
    private readonly Random _random = random ?? Random.Shared;
    private int _attempts;

    /// <summary>The next pause: half to all of the doubled minimum, never above the maximum.</summary>
    public TimeSpan Next()
    {
        double full = Math.Min(minimum.TotalMilliseconds * Math.Pow(2, Math.Min(_attempts, 30)), maximum.TotalMilliseconds);
        _attempts++;
        return TimeSpan.FromMilliseconds(full * (0.5 + (0.5 * _random.NextDouble())));
    }

    /// <summary>Begins again with the minimum.</summary>
    public void Reset() => _attempts = 0;
}
