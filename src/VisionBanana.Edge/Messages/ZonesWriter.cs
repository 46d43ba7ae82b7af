using VisionBanana.Edge.Navigation;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Messages;

/// <summary>
/// Writes how zones stand: state when it changes, when what is nearest moved, and once per second; an event when it changes. While nothing is to be
/// said the same objects are sent.
/// </summary>
internal sealed class ZonesWriter : StreamWriter
{
    private const long NearestEveryNs = 200_000_000;
    private const float NearestM = 0.02f;

    private Told[] _told = [];

    public override void Write(PerceptionFrame frame, EncodedFrame encoded, MessageSlot? slot)
    {
        ReadOnlySpan<ZoneStatus> zones = frame.Surroundings is { } surroundings ? surroundings.Zones : [];
        if (_told.Length != zones.Length)
        {
            _told = new Told[zones.Length];
        }

        for (int i = 0; i < zones.Length; i++)
        {
            string frameId = frame.Surroundings!.RobotFrameId ?? ScanFrame.Of(frame.FrameId);
            ref Told told = ref _told[i];
            if (told.Message is null || IsNew(zones[i], told, frame.CapturedAt.UtcNs))
            {
                ZoneState before = told.Status.State;
                bool changed = told.Message is not null && zones[i].State != before;
                told = new Told(
                    zones[i], ZoneMessage.State(zones[i], frameId, frame.SequenceNumber, frame.CapturedAt.UtcNs), frame.CapturedAt.UtcNs);
                if (changed)
                {
                    encoded.Add(ZoneMessage.Event(zones[i], before, frameId, frame.SequenceNumber, frame.CapturedAt.UtcNs), frame, frameId);
                }
            }

            encoded.AddState(told.Message!);
        }
    }

    private static bool IsNew(in ZoneStatus zone, in Told told, long ns)
    {
        long since = ns - told.Ns;
        return zone.State != told.Status.State || zone.Reason != told.Status.Reason || zone.SinceNs != told.Status.SinceNs
            || since is < 0 or >= 1_000_000_000
            || (since >= NearestEveryNs && (float.IsNaN(zone.NearestM) != float.IsNaN(told.Status.NearestM)
                || Math.Abs(zone.NearestM - told.Status.NearestM) > NearestM || zone.Class != told.Status.Class));
    }

    private readonly record struct Told(ZoneStatus Status, WireMessage? Message, long Ns);
}
