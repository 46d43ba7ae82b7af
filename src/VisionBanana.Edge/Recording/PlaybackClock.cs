using System.Globalization;

namespace VisionBanana.Edge.Recording;

/// <summary>When what was recorded at a time is due: the first at once, the others at their distance from it.</summary>
internal sealed class PlaybackClock(double? speed, TimeProvider clock)
{
    /// <summary>No recording pauses for longer: a clock was set, or a stamp is wrong. What follows comes at once.</summary>
    private const long LongestPauseNs = 24 * 3600 * 1_000_000_000L;

    private long? _firstNs;
    private long _lastNs;
    private long _startNs;

    public static void Check(double? speed)
    {
        if (speed is { } factor && !(factor > 0 && double.IsFinite(factor)))
        {
            throw new ConfigurationException(string.Create(
                CultureInfo.InvariantCulture,
                $"The speed of a replay is above 0 (1 = as recorded), found {factor}; give none for as fast as possible."));
        }
    }

    /// <summary>How long to wait before asking again, at most an hour, which every timer takes; zero when it is due.</summary>
    public TimeSpan WaitFor(long recordedNs)
    {
        if (speed is not { } factor)
        {
            return TimeSpan.Zero;
        }

        long now = CaptureTime.MonotonicNow(clock);
        if (_firstNs is not { } first)
        {
            (_firstNs, _startNs, _lastNs) = (recordedNs, now, recordedNs);
            return TimeSpan.Zero;
        }

        // Times are 0 to the largest: the distance fits.
        if (recordedNs - _lastNs > LongestPauseNs)
        {
            first += recordedNs - _lastNs;
            _firstNs = first;
        }

        _lastNs = recordedNs;

        double waitNs = ((recordedNs - first) / factor) - (now - _startNs);
        return waitNs > 0 ? TimeSpan.FromTicks((long)Math.Ceiling(Math.Min(waitNs, 3.6e12) / 100)) : TimeSpan.Zero;
    }
}
