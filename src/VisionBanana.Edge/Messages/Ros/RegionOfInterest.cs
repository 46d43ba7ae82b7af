namespace VisionBanana.Edge.Messages.Ros;

/// <summary>sensor_msgs/msg/RegionOfInterest: the part of the sensor that was read out; all zero = the whole picture.</summary>
/// <param name="XOffset">Left edge in pixels of the full sensor.</param>
/// <param name="YOffset">Top edge.</param>
/// <param name="Height">Rows.</param>
/// <param name="Width">Pixels per row.</param>
/// <param name="DoRectify">True when a distinct rectified region is to be computed from a raw one.</param>
public readonly record struct RegionOfInterest(uint XOffset, uint YOffset, uint Height, uint Width, bool DoRectify) : IRosMessage<RegionOfInterest>
{
    /// <inheritdoc/>
    public static string Schema => "sensor_msgs/msg/RegionOfInterest";

    /// <inheritdoc/>
    public static string Definition => """
        uint32 x_offset
        uint32 y_offset
        uint32 height
        uint32 width
        bool do_rectify
        """;

    /// <inheritdoc/>
    public void WriteTo(CdrWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteUInt32(XOffset);
        writer.WriteUInt32(YOffset);
        writer.WriteUInt32(Height);
        writer.WriteUInt32(Width);
        writer.WriteBool(DoRectify);
    }

    /// <inheritdoc/>
    public static RegionOfInterest ReadFrom(ref CdrReader reader) =>
        new(reader.ReadUInt32(), reader.ReadUInt32(), reader.ReadUInt32(), reader.ReadUInt32(), reader.ReadBool());
}
