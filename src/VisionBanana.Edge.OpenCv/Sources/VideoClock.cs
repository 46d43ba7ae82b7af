namespace VisionBanana.Edge.OpenCv.Sources;

/// <summary>
/// Plays a video by the stamps of its own pictures, whatever their distances. Who is too late moves the stamps to come: no picture is hurried, and none
/// is stamped in the past.
/// </summary>
/// <param name="intervalNs">The distance of pictures whose stamps do not grow.</param>
/// <param name="clock">Tells when they are due.</param>
internal sealed class VideoClock(long intervalNs, TimeProvider clock)
{
    // A longer gap is a cut, not a wait.
    private const long LongestGapNs = 10_000_000_000;
    private const long Late = 1_000_000;

    private CaptureTime? _start;
    private long _stampNs, _playedNs;

    /// <summary>When the picture was due, or is.</summary>
    public CaptureTime Due => new(_start!.Value.MonotonicNs + _playedNs, _start.Value.UtcNs + _playedNs);

    /// <summary>Takes the stamp of the next picture.</summary>
    public void Next(double stampMs)
    {
        long stamp = (long)(stampMs * 1e6);
        CaptureTime now = CaptureTime.Now(clock);
        if (_start is null)
        {
            (_start, _stampNs) = (now, stamp);
            return;
        }

        long gap = stamp - _stampNs;
        _stampNs = stamp;
        _playedNs += gap is > 0 and <= LongestGapNs ? gap : intervalNs;
        long behind = now.MonotonicNs - Due.MonotonicNs;
        if (behind > Late)
        {
            _start = new CaptureTime(_start.Value.MonotonicNs + behind, now.UtcNs - _playedNs);
        }
    }

    /// <summary>How long until it is due.</summary>
    public TimeSpan UntilDue() => TimeSpan.FromMicroseconds(Math.Max(Due.MonotonicNs - CaptureTime.MonotonicNow(clock), 0) / 1000.0);
}
