namespace VisionBanana.Edge.Messages.Ros;

/// <summary>vision_msgs/msg/BoundingBox3D: a box in space.</summary>
/// <param name="Center">Its middle and how it is turned.</param>
/// <param name="Size">Its edges, metres.</param>
public readonly record struct BoundingBox3D(Pose Center, Vector3 Size) : IRosMessage<BoundingBox3D>
{
    /// <inheritdoc/>
    public static string Schema => "vision_msgs/msg/BoundingBox3D";

    /// <inheritdoc/>
    public static string Definition => """
        geometry_msgs/Pose center
        geometry_msgs/Vector3 size
        """;

    /// <inheritdoc/>
    public void WriteTo(CdrWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        Center.WriteTo(writer);
        Size.WriteTo(writer);
    }

    /// <inheritdoc/>
    public static BoundingBox3D ReadFrom(ref CdrReader reader) => new(Pose.ReadFrom(ref reader), Vector3.ReadFrom(ref reader));
}
