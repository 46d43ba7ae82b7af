namespace VisionBanana.Edge.Messages.Ros;

/// <summary>geometry_msgs/msg/PoseStamped: a pose, when it held, and in which frame.</summary>
/// <param name="Header">Time and frame.</param>
/// <param name="Pose">The pose.</param>
public readonly record struct PoseStamped(Header Header, Pose Pose) : IRosMessage<PoseStamped>
{
    /// <inheritdoc/>
    public static string Schema => "geometry_msgs/msg/PoseStamped";

    /// <inheritdoc/>
    public static string Definition => """
        std_msgs/Header header
        geometry_msgs/Pose pose
        """;

    /// <inheritdoc/>
    public void WriteTo(CdrWriter writer)
    {
        Header.WriteTo(writer);
        Pose.WriteTo(writer);
    }

    /// <inheritdoc/>
    public static PoseStamped ReadFrom(ref CdrReader reader) => new(Header.ReadFrom(ref reader), Pose.ReadFrom(ref reader));
}
