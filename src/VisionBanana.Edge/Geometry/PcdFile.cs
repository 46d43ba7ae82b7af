using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace VisionBanana.Edge.Geometry;

/// <summary>
/// Organised clouds as binary PCD 0.7 (Point Cloud Library), little endian: x, y, z (metres, optical frame, NaN = no point),
/// rgb (0x00RRGGBB in the bits of a float), confidence, label.
/// </summary>
public static class PcdFile
{
    private const int RecordSize = 22;
    private const string Format = "PCD";

    /// <summary>Writes a file. See <see cref="Write(Stream, ReadOnlySpan{CloudPoint}, int)"/>.</summary>
    public static void Write(string path, ReadOnlySpan<CloudPoint> points, int width)
    {
        using FileStream stream = File.Create(path);
        Write(stream, points, width);
    }

    /// <summary>Writes every point in its place: WIDTH × HEIGHT is the picture's size.</summary>
    /// <exception cref="ArgumentException">The points do not fill rows of <paramref name="width"/>.</exception>
    public static void Write(Stream stream, ReadOnlySpan<CloudPoint> points, int width)
    {
        ArgumentNullException.ThrowIfNull(stream);
        if (width <= 0 || points.Length % width != 0)
        {
            throw new ArgumentException($"Expected whole rows of {width} points, found {points.Length} points.", nameof(width));
        }

        stream.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture,
            $"""
            # .PCD v0.7 - Point Cloud Data file format
            VERSION 0.7
            FIELDS x y z rgb confidence label
            SIZE 4 4 4 4 4 2
            TYPE F F F F F U
            COUNT 1 1 1 1 1 1
            WIDTH {width}
            HEIGHT {points.Length / width}
            VIEWPOINT 0 0 0 1 0 0 0
            POINTS {points.Length}
            DATA binary

            """)));

        // A record is a point without its two bytes of padding.
        byte[] buffer = new byte[2048 * RecordSize];
        for (int start = 0; start < points.Length; start += 2048)
        {
            ReadOnlySpan<CloudPoint> chunk = points.Slice(start, Math.Min(2048, points.Length - start));
            for (int i = 0; i < chunk.Length; i++)
            {
                Encode(in chunk[i], buffer.AsSpan(i * RecordSize, RecordSize));
            }

            stream.Write(buffer, 0, chunk.Length * RecordSize);
        }
    }

    /// <summary>Reads a file. See <see cref="Read(Stream)"/>.</summary>
    public static PointCloud Read(string path)
    {
        using FileStream stream = File.OpenRead(path);
        return Read(stream);
    }

    /// <summary>
    /// Reads a binary PCD. Other fields are passed over; without colour it is black, without confidence 1, without label 65535.
    /// </summary>
    /// <exception cref="MessageFormatException">It is not such a file, or it is cut off.</exception>
    public static PointCloud Read(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var header = new HeaderLines(stream, Format);
        string[] fields = [], sizes = [], types = [], counts = [];
        int width = -1, height = 1;
        string[] words = header.Next();
        for (; words is not ["DATA", ..]; words = header.Next())
        {
            switch (words)
            {
                case ["FIELDS", .. var names]: fields = names; break;
                case ["SIZE", .. var numbers]: sizes = numbers; break;
                case ["TYPE", .. var letters]: types = letters; break;
                case ["COUNT", .. var numbers]: counts = numbers; break;
                case ["WIDTH", var text]: width = Number(text, header); break;
                case ["HEIGHT", var text]: height = Number(text, header); break;
                case [] or [['#', ..], ..] or ["VERSION" or "VIEWPOINT" or "POINTS", ..]: break;
                default: throw header.Error($"expected a header entry, found '{words[0]}'");
            }
        }

        if (words is not ["DATA", "binary"])
        {
            throw header.Error($"expected DATA binary, found {string.Join(' ', words)}; convert it first");
        }

        if (width < 0 || fields.Length != sizes.Length || fields.Length != types.Length || (counts.Length > 0 && counts.Length != fields.Length))
        {
            throw header.Error("expected WIDTH and as many SIZE, TYPE and COUNT entries as FIELDS");
        }

        var record = new PointRecord();
        for (int i = 0; i < fields.Length; i++)
        {
            (char type, int size) = ScalarType(types[i], sizes[i], header);
            record.Add(fields[i], type, size, counts.Length == 0 ? 1 : Math.Min(Number(counts[i], header), 1 << 16));
        }

        CloudPoint[] points = record.ReadAll(stream, (long)width * height, Format);
        return new PointCloud(width, height, ImmutableCollectionsMarshal.AsImmutableArray(points));
    }

    private static void Encode(in CloudPoint point, Span<byte> record)
    {
        BinaryPrimitives.WriteSingleLittleEndian(record, point.X);
        BinaryPrimitives.WriteSingleLittleEndian(record[4..], point.Y);
        BinaryPrimitives.WriteSingleLittleEndian(record[8..], point.Z);
        BinaryPrimitives.WriteUInt32LittleEndian(record[12..], point.Rgb);
        BinaryPrimitives.WriteSingleLittleEndian(record[16..], point.Confidence);
        BinaryPrimitives.WriteUInt16LittleEndian(record[20..], point.Label);
    }

    private static int Number(string text, HeaderLines header) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : throw header.Error($"expected a count, found '{text}'");

    private static (char Type, int Size) ScalarType(string type, string size, HeaderLines header) => (type, size) switch
    {
        ("F", "4" or "8") or ("U" or "I", "1" or "2" or "4" or "8") => (type[0], size[0] - '0'),
        _ => throw header.Error($"expected a type such as F 4 or U 2, found {type} {size}"),
    };
}
