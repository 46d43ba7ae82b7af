using System.Text.Json;
using VisionBanana.Edge.Messages.Ros;
using VisionBanana.Edge.Scale;

namespace VisionBanana.Edge.Sensors;

/// <summary>An accelerometer: sensor_msgs/Imu, or <c>{"acceleration": [x, y, z], "stamp_ns": …}</c> in m/s², 9.81 upwards at rest.</summary>
public sealed class ImuInput(MountFeed feed) : SensorInput("imu")
{
    /// <inheritdoc/>
    public override AnchorCounts Counts => feed.Counts;

    /// <inheritdoc/>
    protected override AnchorRefusal Read(JsonElement root)
    {
        double[] felt = SensorJson.Numbers(root, "acceleration", 3) ?? throw new MessageFormatException("Expected \"acceleration\": [x, y, z] in m/s².");
        return feed.PushAcceleration(felt[0], felt[1], felt[2], SensorJson.Stamp(root));
    }

    /// <inheritdoc/>
    protected override AnchorRefusal TakeRos(ReadOnlyMemory<byte> payload)
    {
        Imu imu = RosMessage.Decode<Imu>(payload);
        return imu.HasAcceleration
            ? feed.PushAcceleration(imu.LinearAcceleration.X, imu.LinearAcceleration.Y, imu.LinearAcceleration.Z, imu.Header.Stamp.Nanoseconds)
            : throw new MessageFormatException("Expected an Imu with a linear acceleration; its covariance says that there is none.");
    }

    /// <inheritdoc/>
    protected override void Refuse(AnchorRefusal refusal) => feed.Refuse(refusal);
}
