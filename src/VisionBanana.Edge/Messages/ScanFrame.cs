using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Messages.Ros;
using VisionBanana.Edge.Navigation;

namespace VisionBanana.Edge.Messages;

/// <summary>The level frame of scans: <c>{camera}_scan</c> beside <c>{camera}_optical</c>.</summary>
internal static class ScanFrame
{
    private const string Optical = "_optical";

    private static readonly Dictionary<string, string> Names = new(StringComparer.Ordinal);

    /// <summary>The name of the frame that belongs to an optical frame.</summary>
    public static string Of(string opticalFrameId)
    {
        lock (Names)
        {
            if (!Names.TryGetValue(opticalFrameId, out string? name))
            {
                string camera = opticalFrameId.EndsWith(Optical, StringComparison.Ordinal) ? opticalFrameId[..^Optical.Length] : opticalFrameId;
                Names[opticalFrameId] = name = camera + "_scan";
            }

            return name;
        }
    }

    /// <summary>Its pose: in the robot where the mount is known, otherwise in the optical frame.</summary>
    public static TransformStamped PoseOf(ObstacleScan scan, CameraMount? mount, Time stamp, string opticalFrameId)
    {
        UnitQuaternion turn = mount is null ? scan.InOptical : mount.Rotation.Multiply(scan.InOptical).Normalised();
        return new TransformStamped(
            new Header(stamp, mount?.ParentFrame ?? opticalFrameId),
            Of(opticalFrameId),
            new Transform(new Vector3(mount?.X ?? 0, mount?.Y ?? 0, mount?.Z ?? 0), new Quaternion(turn.X, turn.Y, turn.Z, turn.W)));
    }
}
