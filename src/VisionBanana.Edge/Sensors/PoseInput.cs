using System.Text.Json;
using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Messages.Ros;
using VisionBanana.Edge.Scale;

namespace VisionBanana.Edge.Sensors;

/// <summary>
/// The camera's pose in a frame whose z points up: geometry_msgs/PoseStamped, <c>{"position_m": [x, y, z], "quaternion": [x, y, z, w]}</c>, or
/// <c>{"height_m": 0.4, "pitch_deg": 15, "roll_deg": 0}</c>.
/// </summary>
/// <param name="feed">Gets the mount.</param>
/// <param name="frame">The frame that poses must hold in; null = any.</param>
/// <param name="isOptical">True: the pose is that of the optical frame; false: of the camera's body (x forward, y left, z up).</param>
/// <param name="floorZ">Where the floor, or the table, is along z of that frame, metres.</param>
public sealed class PoseInput(MountFeed feed, string? frame = null, bool isOptical = false, double floorZ = 0) : SensorInput("pose")
{
    /// <inheritdoc/>
    public override AnchorCounts Counts => feed.Counts;

    /// <inheritdoc/>
    protected override AnchorRefusal Read(JsonElement root)
    {
        long stamp = SensorJson.Stamp(root);
        if (SensorJson.Number(root, "height_m") is { } height)
        {
            double pitch = double.DegreesToRadians(SensorJson.Number(root, "pitch_deg") ?? 0), roll = double.DegreesToRadians(
                SensorJson.Number(root, "roll_deg") ?? 0);
            return Push(null, new Point(0, 0, height + floorZ), UnitQuaternion.FromRpy(roll, pitch, 0), stamp, ofOptical: false);
        }

        double[] position = SensorJson.Numbers(root, "position_m", 3)
            ?? throw new MessageFormatException("Expected height_m, pitch_deg and roll_deg, or position_m and quaternion.");
        double[] q = SensorJson.Numbers(root, "quaternion", 4) ?? throw new MessageFormatException("Expected \"quaternion\": [x, y, z, w].");
        string? named = SensorJson.Text(root, "frame_id");
        return HoldsIn(named)
            ? Push(named, new Point(position[0], position[1], position[2]), new UnitQuaternion(q[0], q[1], q[2], q[3]), stamp, isOptical)
            : Other();
    }

    /// <inheritdoc/>
    protected override AnchorRefusal TakeRos(ReadOnlyMemory<byte> payload)
    {
        PoseStamped pose = RosMessage.Decode<PoseStamped>(payload);
        Quaternion q = pose.Pose.Orientation;
        return HoldsIn(pose.Header.FrameId)
            ? Push(pose.Header.FrameId, pose.Pose.Position, new UnitQuaternion(q.X, q.Y, q.Z, q.W), pose.Header.Stamp.Nanoseconds, isOptical)
            : Other();
    }

    /// <inheritdoc/>
    protected override void Refuse(AnchorRefusal refusal) => feed.Refuse(refusal);

    private bool HoldsIn(string? named) => frame is null || string.IsNullOrEmpty(named) || named == frame;

    private AnchorRefusal Other()
    {
        feed.Refuse(AnchorRefusal.OtherFrame);
        return AnchorRefusal.OtherFrame;
    }

    private AnchorRefusal Push(string? named, Point at, UnitQuaternion rotation, long stampNs, bool ofOptical)
    {
        if (!(Math.Abs(rotation.Norm - 1) < 0.01))
        {
            throw new MessageFormatException(FormattableString.Invariant($"Expected a quaternion of length 1, found {rotation.Norm}."));
        }

        if (!double.IsFinite(at.X) || !double.IsFinite(at.Y) || !double.IsFinite(at.Z))
        {
            throw new MessageFormatException("Expected a position of finite numbers.");
        }

        string parent = string.IsNullOrWhiteSpace(named) ? frame ?? "world" : named;
        CameraMount mount = ofOptical
            ? new CameraMount(parent, at.X, at.Y, at.Z, rotation)
            : CameraMount.OfBody(parent, at.X, at.Y, at.Z, rotation);
        return feed.Push(mount with { FloorZ = floorZ }, stampNs);
    }
}
