namespace VisionBanana.Edge.Messages.Ros;

/// <summary>sensor_msgs/msg/PointField: one value of a point.</summary>
/// <param name="Name">What it is, e.g. <c>x</c>, <c>rgb</c>.</param>
/// <param name="Offset">Bytes from the start of the point.</param>
/// <param name="DataType">How it is stored.</param>
/// <param name="Count">How many values of that type.</param>
public readonly record struct PointField(string Name, uint Offset, PointFieldType DataType, uint Count = 1) : IRosMessage<PointField>
{
    /// <summary>The fewest bytes a field takes: an empty name, offset, type, padding and count.</summary>
    internal const int MinimumBytes = 16;

    /// <inheritdoc/>
    public static string Schema => "sensor_msgs/msg/PointField";

    /// <inheritdoc/>
    public static string Definition => """
        uint8 INT8=1
        uint8 UINT8=2
        uint8 INT16=3
        uint8 UINT16=4
        uint8 INT32=5
        uint8 UINT32=6
        uint8 FLOAT32=7
        uint8 FLOAT64=8
        string name
        uint32 offset
        uint8 datatype
        uint32 count
        """;

    /// <summary>Bytes of all its values; 0 when the type is not one of sensor_msgs.</summary>
    public ulong ByteSize => Count * (DataType switch
    {
        PointFieldType.Int8 or PointFieldType.UInt8 => 1ul,
        PointFieldType.Int16 or PointFieldType.UInt16 => 2,
        PointFieldType.Int32 or PointFieldType.UInt32 or PointFieldType.Float32 => 4,
        PointFieldType.Float64 => 8,
        _ => 0,
    });

    /// <inheritdoc/>
    public void WriteTo(CdrWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteString(Name);
        writer.WriteUInt32(Offset);
        writer.WriteUInt8((byte)DataType);
        writer.WriteUInt32(Count);
    }

    /// <inheritdoc/>
    public static PointField ReadFrom(ref CdrReader reader) =>
        new(reader.ReadString(), reader.ReadUInt32(), (PointFieldType)reader.ReadUInt8(), reader.ReadUInt32());
}
