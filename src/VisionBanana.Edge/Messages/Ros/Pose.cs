namespace VisionBanana.Edge.Messages.Ros;

/// <summary>geometry_msgs/msg/Pose: where something is and how it is turned.</summary>
/// <param name="Position">Its origin.</param>
/// <param name="Orientation">Turns its vectors into the frame of the pose.</param>
public readonly record struct Pose(Point Position, Quaternion Orientation) : IRosMessage<Pose>
{
    /// <inheritdoc/>
    public static string Schema => "geometry_msgs/msg/Pose";

    /// <inheritdoc/>
    public static string Definition => """
        geometry_msgs/Point position
        geometry_msgs/Quaternion orientation
        """;

    /// <inheritdoc/>
    public void WriteTo(CdrWriter writer)
    {
        Position.WriteTo(writer);
        Orientation.WriteTo(writer);
    }

    /// <inheritdoc/>
    public static Pose ReadFrom(ref CdrReader reader) => new(Point.ReadFrom(ref reader), Quaternion.ReadFrom(ref reader));
}
