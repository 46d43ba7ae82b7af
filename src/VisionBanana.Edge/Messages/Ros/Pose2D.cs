namespace VisionBanana.Edge.Messages.Ros;

/// <summary>vision_msgs/msg/Pose2D: place and direction in a picture.</summary>
/// <param name="Position">Where.</param>
/// <param name="Theta">Radians.</param>
public readonly record struct Pose2D(Point2D Position, double Theta) : IRosMessage<Pose2D>
{
    /// <inheritdoc/>
    public static string Schema => "vision_msgs/msg/Pose2D";

    /// <inheritdoc/>
    public static string Definition => """
        vision_msgs/Point2D position
        float64 theta
        """;

    /// <inheritdoc/>
    public void WriteTo(CdrWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        Position.WriteTo(writer);
        writer.WriteFloat64(Theta);
    }

    /// <inheritdoc/>
    public static Pose2D ReadFrom(ref CdrReader reader) => new(Point2D.ReadFrom(ref reader), reader.ReadFloat64());
}
