namespace VisionBanana.Edge.Cli.Fleet;

/// <summary>
/// How old pictures of a robot are, whatever its clock says: by the quickest of those that arrived lately, which is taken as the one that was on its way
/// for no time. Clocks that differ by minutes cost no picture.
/// </summary>
internal sealed class RobotClock
{
    private const long WindowNs = 30_000_000_000;

    /// <summary>No picture is on its way for so long: the robot's clock was set back.</summary>
    private const long StepNs = 60_000_000_000;

    private long _quickest = long.MaxValue, _next = long.MaxValue, _since = long.MinValue;

    /// <summary>Arrival minus capture of the quickest picture, nanoseconds: the offset of the clocks and the least time on the way.</summary>
    public long OffsetNs => _quickest == long.MaxValue ? 0 : Math.Min(_quickest, _next);

    /// <summary>Nanoseconds that a picture was longer on its way than the quickest one.</summary>
    /// <param name="arrivedNs">On this machine's clock.</param>
    /// <param name="capturedNs">On the robot's.</param>
    public long AgeOf(long arrivedNs, long capturedNs)
    {
        long difference = (long)Int128.Clamp((Int128)arrivedNs - capturedNs, long.MinValue / 2, long.MaxValue / 2);

        if (OffsetNs != 0 && difference - OffsetNs > StepNs)
        {
            (_quickest, _next, _since) = (difference, difference, arrivedNs);
        }

        // Clocks drift and are set: what was quickest long ago says nothing any more.
        if (_since == long.MinValue || arrivedNs - _since > WindowNs || arrivedNs < _since)
        {
            (_quickest, _next, _since) = (_next == long.MaxValue ? difference : _next, difference, arrivedNs);
        }

        _next = Math.Min(_next, difference);
        _quickest = Math.Min(_quickest, difference);
        return difference - OffsetNs;
    }
}
