namespace VisionBanana.Edge.Messages.Ros;

/// <summary>vision_msgs/msg/VisionClass: the name of a class id.</summary>
/// <param name="ClassId">The id in label images; 65535 is kept for "unlabelled".</param>
/// <param name="ClassName">Its name.</param>
public readonly record struct VisionClass(ushort ClassId, string ClassName) : IRosMessage<VisionClass>
{
    /// <summary>The fewest bytes a class takes: id, padding, an empty name without its NUL.</summary>
    internal const int MinimumBytes = 6;

    /// <inheritdoc/>
    public static string Schema => "vision_msgs/msg/VisionClass";

    /// <inheritdoc/>
    public static string Definition => """
        uint16 class_id
        string class_name
        """;

    /// <inheritdoc/>
    public void WriteTo(CdrWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteUInt16(ClassId);
        writer.WriteString(ClassName);
    }

    /// <inheritdoc/>
    public static VisionClass ReadFrom(ref CdrReader reader) => new(reader.ReadUInt16(), reader.ReadString());
}
