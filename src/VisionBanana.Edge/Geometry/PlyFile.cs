using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace VisionBanana.Edge.Geometry;

/// <summary>
/// Clouds as binary little-endian PLY: x, y, z (float, metres, optical frame), red, green, blue (uchar), confidence (float), label (ushort).
/// </summary>
public static class PlyFile
{
    private const int RecordSize = 21;
    private const string Format = "PLY";

    /// <summary>Writes a file. See <see cref="Write(Stream, ReadOnlySpan{CloudPoint}, int, bool)"/>.</summary>
    public static void Write(string path, ReadOnlySpan<CloudPoint> points, int width = 0, bool organised = false)
    {
        using FileStream stream = File.Create(path);
        Write(stream, points, width, organised);
    }

    /// <summary>Writes a cloud.</summary>
    /// <param name="stream">Receives the bytes.</param>
    /// <param name="points">The points, rows from the top.</param>
    /// <param name="width">Points per row; needed when <paramref name="organised"/>.</param>
    /// <param name="organised">
    /// False: only points with finite coordinates, which is what viewers expect. True: every point, NaN coordinates where there is none,
    /// and the size of the grid as <c>obj_info num_cols</c> and <c>num_rows</c>.
    /// </param>
    /// <exception cref="ArgumentException">The points do not fill rows of <paramref name="width"/>.</exception>
    public static void Write(Stream stream, ReadOnlySpan<CloudPoint> points, int width = 0, bool organised = false)
    {
        ArgumentNullException.ThrowIfNull(stream);
        int count = points.Length;
        if (!organised)
        {
            count = 0;
            foreach (ref readonly CloudPoint point in points)
            {
                count += PointCloud.IsFinite(point) ? 1 : 0;
            }
        }
        else if (width <= 0 || points.Length % width != 0)
        {
            throw new ArgumentException($"Expected whole rows of {width} points, found {points.Length} points.", nameof(width));
        }

        string grid = organised ? string.Create(CultureInfo.InvariantCulture, $"obj_info num_cols {width}\nobj_info num_rows {points.Length / width}\n") : "";
        stream.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture,
            $"""
            ply
            format binary_little_endian 1.0
            comment metres, optical frame: x right, y down, z forward
            {grid}element vertex {count}
            property float x
            property float y
            property float z
            property uchar red
            property uchar green
            property uchar blue
            property float confidence
            property ushort label
            end_header

            """)));

        byte[] buffer = new byte[2048 * RecordSize];
        int used = 0;
        foreach (ref readonly CloudPoint point in points)
        {
            if (!organised && !PointCloud.IsFinite(point))
            {
                continue;
            }

            Encode(in point, buffer.AsSpan(used, RecordSize));
            used += RecordSize;
            if (used == buffer.Length)
            {
                stream.Write(buffer);
                used = 0;
            }
        }

        stream.Write(buffer, 0, used);
    }

    /// <summary>Reads a file. See <see cref="Read(Stream)"/>.</summary>
    public static PointCloud Read(string path)
    {
        using FileStream stream = File.OpenRead(path);
        return Read(stream);
    }

    /// <summary>
    /// Reads a binary little-endian PLY with vertices first. Other properties and elements are passed over; without colour it is black,
    /// without confidence 1, without label 65535.
    /// </summary>
    /// <exception cref="MessageFormatException">It is not such a file, or it is cut off.</exception>
    public static PointCloud Read(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var header = new HeaderLines(stream, Format);
        if (header.Next() is not ["ply"])
        {
            throw header.Error("expected 'ply'");
        }

        var record = new PointRecord();
        string element = "";
        long count = -1;
        int columns = 0, rows = 0;
        for (string[] words = header.Next(); words is not ["end_header"]; words = header.Next())
        {
            switch (words)
            {
                case ["format", var format, ..] when format != "binary_little_endian":
                    throw header.Error($"expected the format binary_little_endian, found {format}; convert it first");
                case ["obj_info", "num_cols", var text]:
                    columns = (int)Number(text, header);
                    break;
                case ["obj_info", "num_rows", var text]:
                    rows = (int)Number(text, header);
                    break;
                case ["element", var name, var text]:
                    if (name != "vertex" && count < 0)
                    {
                        throw header.Error($"expected vertices before other elements, found '{name}'");
                    }

                    count = name == "vertex" ? Number(text, header) : count;
                    element = name;
                    break;
                case ["property", "list", ..] when element == "vertex":
                    throw header.Error("expected vertices of a fixed size, found a list");
                case ["property", var type, var name] when element == "vertex":
                    (char kind, int size) = ScalarType(type, header);
                    record.Add(name, kind, size);
                    break;
            }
        }

        if (count < 0)
        {
            throw header.Error("it has no element 'vertex'");
        }

        CloudPoint[] points = record.ReadAll(stream, count, Format);
        bool organised = (long)columns * rows == points.Length && columns > 0;
        return new PointCloud(organised ? columns : points.Length, organised ? rows : 1, ImmutableCollectionsMarshal.AsImmutableArray(points));
    }

    private static void Encode(in CloudPoint point, Span<byte> record)
    {
        BinaryPrimitives.WriteSingleLittleEndian(record, point.X);
        BinaryPrimitives.WriteSingleLittleEndian(record[4..], point.Y);
        BinaryPrimitives.WriteSingleLittleEndian(record[8..], point.Z);
        record[12] = (byte)(point.Rgb >> 16);
        record[13] = (byte)(point.Rgb >> 8);
        record[14] = (byte)point.Rgb;
        BinaryPrimitives.WriteSingleLittleEndian(record[15..], point.Confidence);
        BinaryPrimitives.WriteUInt16LittleEndian(record[19..], point.Label);
    }

    private static long Number(string text, HeaderLines header) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : throw header.Error($"expected a count, found '{text}'");

    private static (char Kind, int Size) ScalarType(string type, HeaderLines header) => type switch
    {
        "char" or "int8" => ('I', 1),
        "uchar" or "uint8" => ('U', 1),
        "short" or "int16" => ('I', 2),
        "ushort" or "uint16" => ('U', 2),
        "int" or "int32" => ('I', 4),
        "uint" or "uint32" => ('U', 4),
        "float" or "float32" => ('F', 4),
        "double" or "float64" => ('F', 8),
        _ => throw header.Error($"expected a scalar type such as float or uchar, found '{type}'"),
    };
}
