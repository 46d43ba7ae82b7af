namespace VisionBanana.Edge.Messages.Ros;

/// <summary>geometry_msgs/msg/Pose: place and direction.</summary>
/// <param name="Position">Where.</param>
/// <param name="Orientation">How it is turned.</param>
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
        ArgumentNullException.ThrowIfNull(writer);
        Position.WriteTo(writer);
        Orientation.WriteTo(writer);
    }

    /// <inheritdoc/>
    public static Pose ReadFrom(ref CdrReader reader) => new(Point.ReadFrom(ref reader), Quaternion.ReadFrom(ref reader));
}
