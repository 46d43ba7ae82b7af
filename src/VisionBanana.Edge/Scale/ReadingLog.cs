namespace VisionBanana.Edge.Scale;

/// <summary>
/// The last readings of one sensor with their stamps: what is malformed, ahead of time, repeated or frozen is refused and counted, the reading nearest
/// to a picture is found by stamp. Bounded, safe for several threads; finding allocates nothing.
/// </summary>
/// <typeparam name="T">A reading.</typeparam>
/// <param name="clock">The clock that stamps are held against.</param>
/// <param name="frozenAfter">
/// A value that stands still for so long, in at least <see cref="FrozenCount"/> readings, is a sensor that hangs; zero = never.
/// </param>
internal sealed class ReadingLog<T>(TimeProvider clock, TimeSpan frozenAfter)
    where T : IEquatable<T>
{
    public const int Capacity = 128, FrozenCount = 20;

    /// <summary>Clocks of two machines may differ by so much.</summary>
    public static readonly TimeSpan Ahead = TimeSpan.FromMilliseconds(500);

    private readonly Lock _gate = new();
    private readonly (T Value, long StampNs)[] _ring = new (T, long)[Capacity];
    private int _count, _next, _same;
    private long _sameSinceNs, _lastStampNs = long.MinValue;
    private T? _last;

    /// <summary>How readings fared.</summary>
    public AnchorCounts Counts { get; } = new();

    /// <summary>Notes a reading.</summary>
    /// <param name="value">It.</param>
    /// <param name="isValid">False: it is counted as invalid.</param>
    /// <param name="stampNs">When it was taken, nanoseconds since the Unix epoch; 0 = now.</param>
    public AnchorRefusal Add(T value, bool isValid, long stampNs)
    {
        long now = Now();
        stampNs = stampNs == 0 ? now : stampNs;
        lock (_gate)
        {
            if (_count > 0 && _lastStampNs - now > 2 * (long)Ahead.TotalNanoseconds)
            {
                // This machine's clock was set back: what was noted before says nothing about what comes.
                (_count, _next, _same, _lastStampNs) = (0, 0, 0, long.MinValue);
            }

            AnchorRefusal refusal = !isValid || stampNs < 0 ? AnchorRefusal.Invalid
                : stampNs - now > (long)Ahead.TotalNanoseconds ? AnchorRefusal.FutureStamp
                : stampNs <= _lastStampNs ? AnchorRefusal.Frozen
                : Watch(value, stampNs) ? AnchorRefusal.Frozen
                : AnchorRefusal.None;
            if (refusal == AnchorRefusal.None)
            {
                _ring[_next] = (value, stampNs);
                _next = (_next + 1) % Capacity;
                _count = Math.Min(_count + 1, Capacity);
            }

            Counts.Add(refusal);
            return refusal;
        }
    }

    /// <summary>Counts what could not even be read.</summary>
    public void Refuse(AnchorRefusal refusal) => Counts.Add(refusal);

    /// <summary>The reading nearest in time to a picture.</summary>
    public AnchorRefusal TryFind(long stampNs, TimeSpan maxAge, out T value)
    {
        value = default!;
        lock (_gate)
        {
            if (_count == 0)
            {
                return AnchorRefusal.NoReading;
            }

            UInt128 best = UInt128.MaxValue;
            for (int i = 0; i < _count; i++)
            {
                UInt128 off = (UInt128)Int128.Abs((Int128)_ring[i].StampNs - stampNs);
                if (off < best)
                {
                    (best, value) = (off, _ring[i].Value);
                }
            }

            return best <= (UInt128)maxAge.TotalNanoseconds ? AnchorRefusal.None : AnchorRefusal.Stale;
        }
    }

    private long Now() => (clock.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * 100;

    /// <summary>True when the value stood still for too long.</summary>
    private bool Watch(T value, long stampNs)
    {
        if (_same > 0 && value.Equals(_last))
        {
            _same++;
        }
        else
        {
            (_same, _sameSinceNs, _last) = (1, stampNs, value);
        }

        _lastStampNs = stampNs;
        return frozenAfter > TimeSpan.Zero && _same >= FrozenCount && stampNs - _sameSinceNs >= (long)frozenAfter.TotalNanoseconds;
    }
}
