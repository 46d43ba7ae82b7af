namespace VisionBanana.Edge.Navigation;

/// <summary>The state of one zone over time.</summary>
internal sealed class ZoneWatch(ZoneOptions options)
{
    private ZoneState _state, _wanted;
    private long _wantedSinceNs, _lastNs = long.MinValue, _sinceUtcNs;
    private string _reason = "no picture showed the zone yet";

    public ZoneOptions Options => options;

    public bool IsOccupied => _state == ZoneState.Occupied;

    public ZoneStatus Status { get; private set; } = new(
        options.Name, ZoneState.Unknown, "no picture showed the zone yet", 0, 0, 0, 0, float.NaN, float.NaN, "");

    /// <summary>Takes what a picture shows.</summary>
    /// <param name="seen">What was counted, without a state.</param>
    /// <param name="holds">Enough is there to be, or stay, occupied.</param>
    /// <param name="hides">Why the zone cannot be called free, or null.</param>
    /// <param name="monotonicNs">When, on a clock that is never set.</param>
    /// <param name="utcNs">When.</param>
    public void Judge(in ZoneStatus seen, bool holds, string? hides, long monotonicNs, long utcNs)
    {
        Expire(monotonicNs, utcNs);
        _lastNs = monotonicNs;
        ZoneState wanted = holds ? ZoneState.Occupied : hides is null ? ZoneState.Free : ZoneState.Unknown;
        if (wanted != _wanted)
        {
            (_wanted, _wantedSinceNs) = (wanted, monotonicNs);
        }

        TimeSpan needed = wanted == ZoneState.Occupied ? options.EnterAfter : _state == ZoneState.Occupied ? options.LeaveAfter : TimeSpan.Zero;
        if (wanted != _state && monotonicNs - _wantedSinceNs >= needed.Ticks * 100)
        {
            (_state, _sinceUtcNs) = (wanted, utcNs);
        }

        _reason = _state == ZoneState.Unknown ? hides ?? "something may be in it" : "";
        Status = seen with { State = _state, Reason = _reason, SinceNs = _sinceUtcNs };
    }

    /// <summary>Forgets what was known too long ago.</summary>
    public void Expire(long monotonicNs, long utcNs)
    {
        if (_lastNs == long.MinValue || monotonicNs - _lastNs <= options.Timeout.Ticks * 100)
        {
            return;
        }

        Lose(StaleReason, monotonicNs, utcNs);
    }

    /// <summary>Nothing is known of the zone any more.</summary>
    public void Lose(string reason, long monotonicNs, long utcNs)
    {
        if (_state != ZoneState.Unknown)
        {
            (_state, _sinceUtcNs) = (ZoneState.Unknown, utcNs);
        }

        (_wanted, _wantedSinceNs, _reason) = (ZoneState.Unknown, monotonicNs, reason);
        Status = new ZoneStatus(options.Name, ZoneState.Unknown, _reason, _sinceUtcNs, 0, 0, Status.Seen, float.NaN, float.NaN, "");
    }

    /// <summary>What is said of a zone that no picture showed for its timeout.</summary>
    public string StaleReason { get; } = FormattableString.Invariant($"no picture showed the zone for {options.Timeout.TotalMilliseconds:0} ms");
}
