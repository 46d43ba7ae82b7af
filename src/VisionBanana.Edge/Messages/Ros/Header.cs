namespace VisionBanana.Edge.Messages.Ros;

/// <summary>std_msgs/msg/Header: when and in which coordinate frame.</summary>
/// <param name="Stamp">Time of capture.</param>
/// <param name="FrameId">The coordinate frame of the data.</param>
public readonly record struct Header(Time Stamp, string FrameId) : IRosMessage<Header>
{
    /// <inheritdoc/>
    public static string Schema => "std_msgs/msg/Header";

    /// <inheritdoc/>
    public static string Definition => """
        builtin_interfaces/Time stamp
        string frame_id
        """;

    /// <inheritdoc/>
    public void WriteTo(CdrWriter writer)
    {
        Stamp.WriteTo(writer);
        writer.WriteString(FrameId);
    }

    /// <inheritdoc/>
    public static Header ReadFrom(ref CdrReader reader) => new(Time.ReadFrom(ref reader), reader.ReadString());
}
