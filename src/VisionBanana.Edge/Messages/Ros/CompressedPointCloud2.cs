using System.Collections.Immutable;

namespace VisionBanana.Edge.Messages.Ros;

/// <summary>
/// point_cloud_interfaces/msg/CompressedPointCloud2, as the plugins of point_cloud_transport read it: a PointCloud2 whose data is compressed.
/// </summary>
/// <param name="Header">Time of capture and the coordinate frame of the points.</param>
/// <param name="Height">Rows of an organised cloud, 1 otherwise.</param>
/// <param name="Width">Points per row.</param>
/// <param name="Fields">The values of a point, once decompressed.</param>
/// <param name="IsBigEndian">True when values are big endian; this SDK writes false.</param>
/// <param name="PointStep">Bytes per point, once decompressed.</param>
/// <param name="RowStep">Bytes per row, once decompressed.</param>
/// <param name="CompressedData">RowStep × Height bytes, compressed.</param>
/// <param name="IsDense">True when no point is invalid.</param>
/// <param name="Format">How: <c>zstd</c>.</param>
public readonly record struct CompressedPointCloud2(
    Header Header,
    uint Height,
    uint Width,
    ImmutableArray<PointField> Fields,
    bool IsBigEndian,
    uint PointStep,
    uint RowStep,
    ReadOnlyMemory<byte> CompressedData,
    bool IsDense,
    string Format) : IRosMessage<CompressedPointCloud2>
{
    /// <inheritdoc/>
    public static string Schema => "point_cloud_interfaces/msg/CompressedPointCloud2";

    /// <inheritdoc/>
    public static string Definition => """
        std_msgs/Header header
        uint32 height
        uint32 width
        sensor_msgs/PointField[] fields
        bool is_bigendian
        uint32 point_step
        uint32 row_step
        uint8[] compressed_data
        bool is_dense
        string format
        """;

    /// <inheritdoc/>
    public void WriteTo(CdrWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        PointCloud2.WriteFields(writer, Header, Height, Width, Fields, IsBigEndian, PointStep, RowStep);
        writer.WriteBytes(CompressedData.Span);
        writer.WriteBool(IsDense);
        writer.WriteString(Format);
    }

    /// <inheritdoc/>
    public static CompressedPointCloud2 ReadFrom(ref CdrReader reader) => new(
        Header.ReadFrom(ref reader),
        reader.ReadUInt32(),
        reader.ReadUInt32(),
        PointCloud2.ReadFields(ref reader),
        reader.ReadBool(),
        reader.ReadUInt32(),
        reader.ReadUInt32(),
        reader.ReadBytes(),
        reader.ReadBool(),
        reader.ReadString());
}
