namespace VisionBanana.Edge;

/// <summary>When a picture was taken, on two clocks. Processing time is kept apart and never overwrites it.</summary>
/// <param name="MonotonicNs">Nanoseconds on the monotonic clock of this process: for latencies and intervals.</param>
/// <param name="UtcNs">Nanoseconds since the Unix epoch (UTC): for message stamps.</param>
public readonly record struct CaptureTime(long MonotonicNs, long UtcNs)
{
    /// <summary>Reads both clocks now.</summary>
    public static CaptureTime Now(TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(clock);
        return new CaptureTime(MonotonicNow(clock), (clock.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * 100);
    }

    /// <summary>The monotonic clock in nanoseconds.</summary>
    public static long MonotonicNow(TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(clock);
        long stamp = clock.GetTimestamp(), frequency = clock.TimestampFrequency;
        return frequency == 1_000_000_000 ? stamp : (long)((Int128)stamp * 1_000_000_000 / frequency);
    }
}
