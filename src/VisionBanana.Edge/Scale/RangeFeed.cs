namespace VisionBanana.Edge.Scale;

/// <summary>
/// Takes the readings of a sensor that measures one distance: from code with <see cref="Push"/>, or from the wire. Safe for several threads.
/// </summary>
public sealed class RangeFeed
{
    private readonly ReadingLog<double> _log;
    private readonly double _minM, _maxM;

    /// <summary>Creates it.</summary>
    /// <param name="minM">Readings below are invalid.</param>
    /// <param name="maxM">Readings above are invalid.</param>
    /// <param name="frozenAfter">A value that stands still for so long, in 20 readings or more, is refused until it changes; zero = never, for sensors that
    /// round. Null = 2 s.</param>
    /// <param name="clock">The clock that stamps are held against.</param>
    /// <exception cref="ConfigurationException">The limits are no range.</exception>
    public RangeFeed(double minM = 0.01, double maxM = 1000, TimeSpan? frozenAfter = null, TimeProvider? clock = null)
    {
        if (!(minM > 0 && maxM > minM && double.IsFinite(maxM)))
        {
            throw new ConfigurationException(FormattableString.Invariant($"A sensor reads from above 0 to more metres, found {minM} to {maxM}."));
        }

        (_minM, _maxM) = (minM, maxM);
        _log = new ReadingLog<double>(clock ?? TimeProvider.System, frozenAfter ?? TimeSpan.FromSeconds(2));
    }

    /// <summary>How readings fared.</summary>
    public AnchorCounts Counts => _log.Counts;

    /// <summary>Notes a reading and says whether it counts.</summary>
    /// <param name="metres">The distance along the beam; NaN and infinities (nothing hit, REP-117) do not count.</param>
    /// <param name="stampNs">When it was taken, nanoseconds since the Unix epoch; 0 = now.</param>
    public AnchorRefusal Push(double metres, long stampNs = 0) => _log.Add(metres, metres >= _minM && metres <= _maxM, stampNs);

    internal void Refuse(AnchorRefusal refusal) => _log.Refuse(refusal);

    internal AnchorRefusal TryFind(long stampNs, TimeSpan maxAge, out double metres) => _log.TryFind(stampNs, maxAge, out metres);
}
