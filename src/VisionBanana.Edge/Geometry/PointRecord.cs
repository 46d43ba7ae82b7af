using System.Buffers.Binary;
using VisionBanana.Edge.Imaging;

namespace VisionBanana.Edge.Geometry;

/// <summary>The columns of a binary point file and how one record becomes a <see cref="CloudPoint"/>. Columns we have no use for are passed over.</summary>
internal sealed class PointRecord
{
    private const int ChunkRecords = 4096;
    private const int MaxRecordSize = 4096;
    private readonly List<(PointField Field, char Type, int Size, int Offset)> _columns = [];

    /// <summary>Bytes per record.</summary>
    public int Size { get; private set; }

    /// <summary>Appends a column of <paramref name="count"/> numbers; type F (float), U (unsigned) or I (signed).</summary>
    public void Add(string name, char type, int size, int count = 1)
    {
        PointField field = name switch
        {
            "x" => PointField.X,
            "y" => PointField.Y,
            "z" => PointField.Z,
            "red" or "r" => PointField.Red,
            "green" or "g" => PointField.Green,
            "blue" or "b" => PointField.Blue,
            "rgb" or "rgba" when size == 4 => PointField.PackedRgb,
            "confidence" => PointField.Confidence,
            "label" => PointField.Label,
            _ => PointField.Other,
        };
        if (field != PointField.Other && count == 1)
        {
            _columns.Add((field, type, size, Size));
        }

        Size = checked(Size + (size * count));
    }

    /// <summary>Reads records until <paramref name="count"/> are there.</summary>
    /// <exception cref="MessageFormatException">A coordinate is missing from the columns, or the file ends too early.</exception>
    public CloudPoint[] ReadAll(Stream stream, long count, string format)
    {
        foreach (PointField needed in new[] { PointField.X, PointField.Y, PointField.Z })
        {
            if (!_columns.Exists(c => c.Field == needed))
            {
                throw new MessageFormatException($"This {format} file has no column '{needed.ToString().ToLowerInvariant()}': it is no cloud.");
            }
        }

        if (Size > MaxRecordSize)
        {
            throw new MessageFormatException($"This {format} file has points of {Size} bytes: expected at most {MaxRecordSize}.");
        }

        // Memory follows what really arrives, not what a header claims.
        var points = new List<CloudPoint>((int)Math.Min(count, ChunkRecords));
        byte[] chunk = new byte[ChunkRecords * Size];
        while (points.Count < count)
        {
            int records = (int)Math.Min(count - points.Count, ChunkRecords);
            int bytes = stream.ReadAtLeast(chunk.AsSpan(0, records * Size), records * Size, throwOnEndOfStream: false);
            if (bytes < records * Size)
            {
                throw new MessageFormatException(
                    $"This {format} file promises {count} points and ends after {points.Count + (bytes / Size)}: it is cut off.");
            }

            for (int i = 0; i < records; i++)
            {
                points.Add(Decode(chunk.AsSpan(i * Size, Size)));
            }
        }

        return [.. points];
    }

    private CloudPoint Decode(ReadOnlySpan<byte> record)
    {
        var point = new CloudPoint { Confidence = 1, Label = LabelPlane.Unknown };
        foreach ((PointField field, char type, int size, int offset) in _columns)
        {
            ReadOnlySpan<byte> bytes = record.Slice(offset, size);
            if (field == PointField.PackedRgb)
            {
                point.Rgb = BinaryPrimitives.ReadUInt32LittleEndian(bytes) & 0xFFFFFF;
                continue;
            }

            double value = Number(bytes, type);
            switch (field)
            {
                case PointField.X: point.X = (float)value; break;
                case PointField.Y: point.Y = (float)value; break;
                case PointField.Z: point.Z = (float)value; break;
                case PointField.Red: point.Rgb |= Channel(value) << 16; break;
                case PointField.Green: point.Rgb |= Channel(value) << 8; break;
                case PointField.Blue: point.Rgb |= Channel(value); break;
                case PointField.Confidence: point.Confidence = (float)value; break;
                default: point.Label = value is >= 0 and < LabelPlane.Unknown ? (ushort)value : LabelPlane.Unknown; break;
            }
        }

        return point;
    }

    private static uint Channel(double value) => (uint)Math.Clamp(value, 0, 255);

    private static double Number(ReadOnlySpan<byte> bytes, char type) => (type, bytes.Length) switch
    {
        ('F', 4) => BinaryPrimitives.ReadSingleLittleEndian(bytes),
        ('F', 8) => BinaryPrimitives.ReadDoubleLittleEndian(bytes),
        ('U', 1) => bytes[0],
        ('U', 2) => BinaryPrimitives.ReadUInt16LittleEndian(bytes),
        ('U', 4) => BinaryPrimitives.ReadUInt32LittleEndian(bytes),
        ('U', 8) => BinaryPrimitives.ReadUInt64LittleEndian(bytes),
        ('I', 1) => (sbyte)bytes[0],
        ('I', 2) => BinaryPrimitives.ReadInt16LittleEndian(bytes),
        ('I', 4) => BinaryPrimitives.ReadInt32LittleEndian(bytes),
        _ => BinaryPrimitives.ReadInt64LittleEndian(bytes),
    };
}
