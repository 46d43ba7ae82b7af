namespace VisionBanana.Edge.Messages;

/// <summary>
/// Lets so many pictures per second of a stream pass, by their capture times alone: the same pictures pass whenever they are encoded.
/// Every picture earns the time since the one before and passing costs 1 / rate; half a period may be saved, so that a camera that jitters
/// about the limit loses nothing. In T seconds no more than T × rate + 1.5 pass.
/// </summary>
internal sealed class RateLimit
{
    private readonly long _period;
    private long _credit, _lastNs = long.MinValue;

    /// <summary>Null = every picture.</summary>
    public RateLimit(double? rateHz)
    {
        _period = rateHz is { } rate ? (long)(1e9 / rate) : 0;
        _credit = Most;
    }

    private long Most => _period + (_period / 2);

    /// <summary>Whether the picture taken then passes. Ask once per picture, and only for pictures that have something to send.</summary>
    public bool Passes(long capturedNs)
    {
        if (_period == 0)
        {
            return true;
        }

        // A clock that was set back earns nothing; it must not silence the stream either.
        long earned = _lastNs == long.MinValue ? 0 : Math.Clamp(capturedNs - _lastNs, 0, Most);
        _credit = Math.Min(_credit + earned, Most);
        _lastNs = capturedNs;
        if (_credit < _period)
        {
            return false;
        }

        _credit -= _period;
        return true;
    }
}
