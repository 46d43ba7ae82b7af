using System.Text.Json;
using VisionBanana.Edge.Messages.Ros;
using VisionBanana.Edge.Scale;

namespace VisionBanana.Edge.Sensors;

/// <summary>The height of the camera above the ground, straight down: sensor_msgs/Range, <c>{"height_m": 12.5}</c>, or a bare number of metres.</summary>
public sealed class HeightInput(MountFeed feed) : SensorInput("height")
{
    /// <inheritdoc/>
    public override AnchorCounts Counts => feed.Counts;

    /// <inheritdoc/>
    protected override AnchorRefusal Read(JsonElement root) => feed.PushHeight(RangeInput.Metres(root, "height_m"), SensorJson.Stamp(root));

    /// <inheritdoc/>
    protected override AnchorRefusal TakeRos(ReadOnlyMemory<byte> payload)
    {
        Messages.Ros.Range range = RosMessage.Decode<Messages.Ros.Range>(payload);
        bool isWithin = !(range.MaxRange > range.MinRange) || (range.Distance >= range.MinRange && range.Distance <= range.MaxRange);
        return feed.PushHeight(isWithin ? range.Distance : double.NaN, range.Header.Stamp.Nanoseconds);
    }

    /// <inheritdoc/>
    protected override void Refuse(AnchorRefusal refusal) => feed.Refuse(refusal);
}
