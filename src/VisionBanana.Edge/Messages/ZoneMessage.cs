using System.Text.Json;
using VisionBanana.Edge.Navigation;

namespace VisionBanana.Edge.Messages;

/// <summary>How a zone stands, as JSON: the state of <c>zones/{zone}</c> and the events of <c>zone_events</c>.</summary>
internal static class ZoneMessage
{
    /// <summary>How often a state is said again while it does not change, so that its silence means something.</summary>
    public static readonly TimeSpan Refresh = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan Holds = TimeSpan.FromSeconds(4);

    /// <summary>The state of a zone; a broker forgets it soon after its sender fell silent.</summary>
    /// <param name="status">How it stands.</param>
    /// <param name="frameId">The frame of its outline.</param>
    /// <param name="sequence">The picture.</param>
    /// <param name="capturedNs">When it was taken, nanoseconds since the Unix epoch.</param>
    public static WireMessage State(in ZoneStatus status, string frameId, long sequence, long capturedNs) => new()
    {
        Stream = WireTopics.OfZone(status.Name),
        Schema = "",
        Encoding = "json",
        IsState = true,
        HoldsFor = Holds,
        SequenceNumber = sequence,
        CapturedNs = capturedNs,
        FrameId = frameId,
        Payload = Write(status, null, frameId, sequence, capturedNs),
    };

    /// <summary>Tells that a zone changed.</summary>
    public static WireMessage Event(in ZoneStatus status, ZoneState before, string frameId, long sequence, long capturedNs) => new()
    {
        Stream = WireTopics.ZoneEventsStream,
        Schema = "",
        Encoding = "json",
        SequenceNumber = sequence,
        CapturedNs = capturedNs,
        FrameId = frameId,
        Payload = Write(status, before, frameId, sequence, capturedNs),
    };

    /// <summary>The word for a state.</summary>
    public static string Word(ZoneState state) => state switch
    {
        ZoneState.Free => "free",
        ZoneState.Occupied => "occupied",
        _ => "unknown",
    };

    private static ReadOnlyMemory<byte> Write(in ZoneStatus status, ZoneState? before, string frameId, long sequence, long capturedNs)
    {
        var text = new JsonText();
        Utf8JsonWriter json = text.Begin();
        json.WriteStartObject();
        json.WriteString("zone", status.Name);
        json.WriteString("state", Word(status.State));
        if (before is { } was)
        {
            json.WriteString("before", Word(was));
        }

        if (status.Reason.Length > 0)
        {
            json.WriteString("reason", status.Reason);
        }

        json.WriteNumber("since_ns", status.SinceNs);
        json.WriteNumber("captured_ns", capturedNs);
        json.WriteNumber("seq", sequence);
        json.WriteString("frame_id", frameId);
        json.WriteNumber("points", status.Points);
        json.WriteNumber("hidden", Round(status.Hidden));
        json.WriteNumber("seen", Round(status.Seen));
        if (float.IsNaN(status.NearestM))
        {
            json.WriteNull("nearest");
        }
        else
        {
            json.WriteStartObject("nearest");
            json.WriteNumber("distance_m", Round(status.NearestM));
            json.WriteNumber("bearing_deg", Round(status.BearingDegrees));
            if (status.Class.Length > 0)
            {
                json.WriteString("class", status.Class);
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
        return text.End();
    }

    private static double Round(float value) => Math.Round(value, 3);
}
