using System.Text.Json;
using VisionBanana.Edge.Messages.Ros;
using VisionBanana.Edge.Scale;

namespace VisionBanana.Edge.Sensors;

/// <summary>One distance: sensor_msgs/Range, <c>{"range_m": 1.25, "stamp_ns": …}</c>, or a bare number of metres.</summary>
public sealed class RangeInput(RangeFeed feed) : SensorInput("range")
{
    /// <inheritdoc/>
    public override AnchorCounts Counts => feed.Counts;

    /// <inheritdoc/>
    protected override AnchorRefusal Read(JsonElement root) => feed.Push(Metres(root, "range_m"), SensorJson.Stamp(root));

    /// <inheritdoc/>
    protected override AnchorRefusal TakeRos(ReadOnlyMemory<byte> payload)
    {
        Messages.Ros.Range range = RosMessage.Decode<Messages.Ros.Range>(payload);
        bool isWithin = !(range.MaxRange > range.MinRange) || (range.Distance >= range.MinRange && range.Distance <= range.MaxRange);
        return feed.Push(isWithin ? range.Distance : double.NaN, range.Header.Stamp.Nanoseconds);
    }

    /// <inheritdoc/>
    protected override void Refuse(AnchorRefusal refusal) => feed.Refuse(refusal);

    internal static double Metres(JsonElement root, string key) =>
        root.ValueKind == JsonValueKind.Number && root.TryGetDouble(out double bare) ? bare
            : SensorJson.Number(root, key) ?? throw new MessageFormatException($"Expected metres in '{key}', or a bare number.");
}
