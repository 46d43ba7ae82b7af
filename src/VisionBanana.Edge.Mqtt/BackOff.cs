namespace VisionBanana.Edge.Mqtt;

/// <summary>
/// Pauses between attempts: each a quarter longer than the one before, so that all of them together are four times the next one, with jitter so
/// that a fleet does not return to its broker in one moment.
/// </summary>
internal sealed class BackOff(TimeSpan minimum, TimeSpan maximum, Random? random = null)
{
    private const double Growth = 1.25;

    // Beyond it every minimum has reached every maximum.
    private const int MostSteps = 100;

    private readonly Random _random = random ?? Random.Shared;
    private int _attempts;

    /// <summary>The next pause: half to all of the grown minimum, never above the maximum.</summary>
    public TimeSpan Next()
    {
        double full = Math.Min(minimum.TotalMilliseconds * Math.Pow(Growth, Math.Min(_attempts, MostSteps)), maximum.TotalMilliseconds);
        _attempts++;
        return TimeSpan.FromMilliseconds(full * (0.5 + (0.5 * _random.NextDouble())));
    }

    /// <summary>Begins again with the minimum.</summary>
    public void Reset() => _attempts = 0;
}
