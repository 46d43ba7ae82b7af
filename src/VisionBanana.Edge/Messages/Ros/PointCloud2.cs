using System.Collections.Immutable;
using System.Runtime.InteropServices;
using VisionBanana.Edge.Geometry;

namespace VisionBanana.Edge.Messages.Ros;

/// <summary>sensor_msgs/msg/PointCloud2: points of any layout, described by their fields.</summary>
/// <param name="Header">Time of capture and the coordinate frame of the points.</param>
/// <param name="Height">Rows of an organised cloud, 1 otherwise.</param>
/// <param name="Width">Points per row.</param>
/// <param name="Fields">The values of a point.</param>
/// <param name="IsBigEndian">True when values are big endian; this SDK writes false.</param>
/// <param name="PointStep">Bytes per point.</param>
/// <param name="RowStep">Bytes per row.</param>
/// <param name="Data">RowStep × Height bytes.</param>
/// <param name="IsDense">True when no point is invalid.</param>
public readonly record struct PointCloud2(
    Header Header,
    uint Height,
    uint Width,
    ImmutableArray<PointField> Fields,
    bool IsBigEndian,
    uint PointStep,
    uint RowStep,
    ReadOnlyMemory<byte> Data,
    bool IsDense) : IRosMessage<PointCloud2>
{
    /// <inheritdoc/>
    public static string Schema => "sensor_msgs/msg/PointCloud2";

    /// <inheritdoc/>
    public static string Definition => """
        std_msgs/Header header
        uint32 height
        uint32 width
        sensor_msgs/PointField[] fields
        bool is_bigendian
        uint32 point_step
        uint32 row_step
        uint8[] data
        bool is_dense
        """;

    /// <summary>The fields of <see cref="CloudPoint"/>; <c>rgb</c> is packed as 0x00RRGGBB in the bits of a float32, as PCL and RViz read it.</summary>
    public static ImmutableArray<PointField> CloudPointFields { get; } =
    [
        new("x", 0, PointFieldType.Float32),
        new("y", 4, PointFieldType.Float32),
        new("z", 8, PointFieldType.Float32),
        new("rgb", 12, PointFieldType.Float32),
        new("confidence", 16, PointFieldType.Float32),
        new("label", 20, PointFieldType.UInt16),
    ];

    /// <summary>Writes an organised cloud of Height × Width points; returns the offset of the points in the message.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="header">Time of capture and optical frame.</param>
    /// <param name="points">Height × Width points, rows from the top; NaN = no point.</param>
    /// <param name="width">Points per row of <paramref name="points"/>.</param>
    /// <param name="height">Rows of <paramref name="points"/>.</param>
    /// <param name="stride">Every how many rows and columns a point is written, beginning with the first: ⌈Width / stride⌉ per row.</param>
    public static int Write(CdrWriter writer, in Header header, ReadOnlySpan<CloudPoint> points, int width, int height, int stride)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(stride);
        ArgumentOutOfRangeException.ThrowIfNotEqual(points.Length, checked(width * height), nameof(points));
        int columns = (width + stride - 1) / stride, rows = (height + stride - 1) / stride;
        WriteFields(writer, header, (uint)rows, (uint)columns, CloudPointFields, false, CloudPoint.ByteSize, (uint)(columns * CloudPoint.ByteSize));
        Span<byte> room = writer.ReserveBytes(checked(columns * rows * CloudPoint.ByteSize));
        int offset = writer.Length - room.Length;
        Thin(points, width, height, stride, MemoryMarshal.Cast<byte, CloudPoint>(room));

        // Saying "dense" would need a look at every point; readers take false for "may hold NaN".
        writer.WriteBool(false);
        return offset;
    }

    /// <inheritdoc/>
    public void WriteTo(CdrWriter writer)
    {
        WriteFields(writer, Header, Height, Width, Fields, IsBigEndian, PointStep, RowStep);
        writer.WriteBytes(Data.Span);
        writer.WriteBool(IsDense);
    }

    /// <inheritdoc/>
    public static PointCloud2 ReadFrom(ref CdrReader reader) => new(
        Header.ReadFrom(ref reader),
        reader.ReadUInt32(),
        reader.ReadUInt32(),
        ReadFields(ref reader),
        reader.ReadBool(),
        reader.ReadUInt32(),
        reader.ReadUInt32(),
        reader.ReadBytes(),
        reader.ReadBool());

    /// <summary>Copies every stride-th point of every stride-th row.</summary>
    internal static void Thin(ReadOnlySpan<CloudPoint> points, int width, int height, int stride, Span<CloudPoint> target)
    {
        if (stride == 1)
        {
            points.CopyTo(target);
            return;
        }

        for (int row = 0, at = 0; row < height; row += stride)
        {
            ReadOnlySpan<CloudPoint> line = points.Slice(row * width, width);
            for (int column = 0; column < width; column += stride)
            {
                target[at++] = line[column];
            }
        }
    }

    internal static void WriteFields(
        CdrWriter writer, in Header header, uint height, uint width, ImmutableArray<PointField> fields, bool isBigEndian, uint pointStep, uint rowStep)
    {
        header.WriteTo(writer);
        writer.WriteUInt32(height);
        writer.WriteUInt32(width);
        writer.WriteCount(fields.Length);
        foreach (PointField field in fields)
        {
            field.WriteTo(writer);
        }

        writer.WriteBool(isBigEndian);
        writer.WriteUInt32(pointStep);
        writer.WriteUInt32(rowStep);
    }

    internal static ImmutableArray<PointField> ReadFields(ref CdrReader reader)
    {
        var fields = new PointField[reader.ReadCount(PointField.MinimumBytes)];
        foreach (ref PointField field in fields.AsSpan())
        {
            field = PointField.ReadFrom(ref reader);
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(fields);
    }
}
