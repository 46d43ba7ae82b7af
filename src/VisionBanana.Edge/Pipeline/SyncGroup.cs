using VisionBanana.Edge.Diagnostics;

namespace VisionBanana.Edge.Pipeline;

/// <summary>
/// Cameras that take their pictures at one moment, by a hardware trigger or by clocks that are the same: pictures whose stamps differ by the tolerance at
/// most get one stamp, that of the first that came. Nothing waits for a partner: a picture that comes when the next moment has begun already is lost as
/// <see cref="DropReason.LatePartner"/>. A camera that is late ten times in a row has another clock, or the others have: it goes on with its own stamps.
/// </summary>
public sealed class SyncGroup
{
    /// <summary>Moments that are remembered to tell late pictures from new ones.</summary>
    private const int Remembered = 8;

    /// <summary>So many in a row are no lateness any more.</summary>
    private const int MostLate = 10;

    /// <summary>A stamp that is so much older is no late picture: a clock was set, or a recording began again.</summary>
    private static readonly long BackwardsNs = TimeSpan.FromSeconds(1).Ticks * 100;

    private readonly Lock _gate = new();
    private readonly long _toleranceNs;
    private readonly List<Moment> _moments = new(Remembered);
    private readonly int[] _late = new int[MaxMembers];
    private int _members;

    /// <summary>Makes a group without members.</summary>
    /// <param name="tolerance">By how much the stamps of one moment differ at most; above zero, and less than half the time between two pictures.</param>
    public SyncGroup(TimeSpan tolerance)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(tolerance, TimeSpan.Zero);
        _toleranceNs = tolerance.Ticks * 100;
    }

    /// <summary>The most cameras of a group.</summary>
    public static int MaxMembers => 64;

    /// <summary>The same camera as a member: its pictures carry the stamps of the group. Disposing it closes the camera.</summary>
    /// <exception cref="InvalidOperationException">The group has <see cref="MaxMembers"/> already.</exception>
    public ICameraSource Join(ICameraSource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        lock (_gate)
        {
            return _members < MaxMembers
                ? new SyncedSource(source, this, _members++)
                : throw new InvalidOperationException($"A group has at most {MaxMembers} cameras.");
        }
    }

    /// <summary>The stamp of the moment that a picture belongs to; null = its moment is over.</summary>
    internal CaptureTime? StampOf(int member, CaptureTime captured)
    {
        lock (_gate)
        {
            if (_moments.Count > 0 && captured.UtcNs < _moments[^1].Stamp.UtcNs - BackwardsNs)
            {
                _moments.Clear();
            }

            for (int i = _moments.Count - 1; i >= 0; i--)
            {
                Moment moment = _moments[i];
                if (Math.Abs(captured.UtcNs - moment.Stamp.UtcNs) <= _toleranceNs && (moment.Members & (1UL << member)) == 0)
                {
                    _moments[i] = moment with { Members = moment.Members | (1UL << member) };
                    return i == _moments.Count - 1 ? InTime(member, moment.Stamp) : Late(member, captured);
                }
            }

            if (_moments.Count > 0 && captured.UtcNs <= _moments[^1].Stamp.UtcNs)
            {
                return Late(member, captured);
            }

            if (_moments.Count == Remembered)
            {
                _moments.RemoveAt(0);
            }

            _moments.Add(new Moment(captured, 1UL << member));
            return InTime(member, captured);
        }
    }

    private CaptureTime InTime(int member, CaptureTime stamp)
    {
        _late[member] = 0;
        return stamp;
    }

    private CaptureTime? Late(int member, CaptureTime captured)
    {
        _late[member] = Math.Min(_late[member] + 1, MostLate + 1);
        return _late[member] > MostLate ? captured : null;
    }

    private readonly record struct Moment(CaptureTime Stamp, ulong Members);
}
