namespace VisionBanana.Edge.Messages.Ros;

/// <summary>sensor_msgs/msg/Range: one distance.</summary>
/// <param name="Header">Time and frame of the sensor.</param>
/// <param name="RadiationType">0 = sound, 1 = infrared.</param>
/// <param name="FieldOfView">Opening angle, rad.</param>
/// <param name="MinRange">Readings below are none, m.</param>
/// <param name="MaxRange">Readings above are none, m.</param>
/// <param name="Distance">The reading, m; the field <c>range</c>.</param>
public readonly record struct Range(Header Header, byte RadiationType, float FieldOfView, float MinRange, float MaxRange, float Distance) : IRosMessage<Range>
{
    /// <inheritdoc/>
    public static string Schema => "sensor_msgs/msg/Range";

    /// <inheritdoc/>
    public static string Definition => """
        std_msgs/Header header
        uint8 radiation_type
        float32 field_of_view
        float32 min_range
        float32 max_range
        float32 range
        """;

    /// <inheritdoc/>
    public void WriteTo(CdrWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        Header.WriteTo(writer);
        writer.WriteUInt8(RadiationType);
        writer.WriteFloat32(FieldOfView);
        writer.WriteFloat32(MinRange);
        writer.WriteFloat32(MaxRange);
        writer.WriteFloat32(Distance);
    }

    /// <inheritdoc/>
    public static Range ReadFrom(ref CdrReader reader)
    {
        var range = new Range(
            Header.ReadFrom(ref reader), reader.ReadUInt8(), reader.ReadFloat32(), reader.ReadFloat32(), reader.ReadFloat32(), reader.ReadFloat32());
        if (reader.Remaining >= sizeof(float))
        {
            // Newer releases of ROS 2 add the variance.
            reader.ReadFloat32();
        }

        return range;
    }
}
