using VisionBanana.Edge.Calibration;

namespace VisionBanana.Edge.Messages.Ros;

/// <summary>geometry_msgs/msg/TransformStamped: the pose of one frame in another.</summary>
/// <param name="Header">Time from which it holds, and the parent frame.</param>
/// <param name="ChildFrameId">The frame whose pose this is.</param>
/// <param name="Transform">From the child to the parent.</param>
public readonly record struct TransformStamped(Header Header, string ChildFrameId, Transform Transform) : IRosMessage<TransformStamped>
{
    /// <summary>The fewest bytes one takes: stamp, two empty strings, seven float64.</summary>
    internal const int MinimumBytes = 8 + 4 + 4 + (7 * sizeof(double));

    /// <inheritdoc/>
    public static string Schema => "geometry_msgs/msg/TransformStamped";

    /// <inheritdoc/>
    public static string Definition => """
        std_msgs/Header header
        string child_frame_id
        geometry_msgs/Transform transform
        """;

    /// <summary>The message for a mounted camera.</summary>
    /// <param name="mount">Where it sits.</param>
    /// <param name="stamp">Time from which it holds.</param>
    /// <param name="opticalFrameId">The optical frame of its pictures and clouds.</param>
    public static TransformStamped From(CameraMount mount, Time stamp, string opticalFrameId)
    {
        ArgumentNullException.ThrowIfNull(mount);
        return new TransformStamped(
            new Header(stamp, mount.ParentFrame),
            opticalFrameId,
            new Transform(
                new Vector3(mount.X, mount.Y, mount.Z), new Quaternion(mount.Rotation.X, mount.Rotation.Y, mount.Rotation.Z, mount.Rotation.W)));
    }

    /// <inheritdoc/>
    public void WriteTo(CdrWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        Header.WriteTo(writer);
        writer.WriteString(ChildFrameId);
        Transform.WriteTo(writer);
    }

    /// <inheritdoc/>
    public static TransformStamped ReadFrom(ref CdrReader reader) =>
        new(Header.ReadFrom(ref reader), reader.ReadString(), Transform.ReadFrom(ref reader));
}
