namespace VisionBanana.Edge.Messages.Ros;

/// <summary>vision_msgs/msg/BoundingBox2D: a rectangle in a picture.</summary>
/// <param name="Center">Its middle, pixels.</param>
/// <param name="SizeX">Its width.</param>
/// <param name="SizeY">Its height.</param>
public readonly record struct BoundingBox2D(Pose2D Center, double SizeX, double SizeY) : IRosMessage<BoundingBox2D>
{
    /// <inheritdoc/>
    public static string Schema => "vision_msgs/msg/BoundingBox2D";

    /// <inheritdoc/>
    public static string Definition => """
        vision_msgs/Pose2D center
        float64 size_x
        float64 size_y
        """;

    /// <inheritdoc/>
    public void WriteTo(CdrWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        Center.WriteTo(writer);
        writer.WriteFloat64(SizeX);
        writer.WriteFloat64(SizeY);
    }

    /// <inheritdoc/>
    public static BoundingBox2D ReadFrom(ref CdrReader reader) => new(Pose2D.ReadFrom(ref reader), reader.ReadFloat64(), reader.ReadFloat64());
}
