using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using VisionBanana.Edge.Geometry;
using ZstdSharp;

namespace VisionBanana.Edge.Messages;

/// <summary>Reads clouds that this SDK packed with Cloudini: its points, quantised. Malformed data ends in <see cref="MessageFormatException"/>.</summary>
public static class CloudiniReader
{
    private const int LongestHeader = 1024;

    // A message is believed up to what a camera could send, not up to what its numbers claim.
    private const long MostPoints = 1 << 24;

    /// <summary>Fills <paramref name="points"/>, height × width points, rows from the top.</summary>
    /// <param name="data">The <c>compressed_data</c> of the message.</param>
    /// <param name="points">Room for exactly height × width points; NaN = no point.</param>
    /// <param name="width">The width that is expected.</param>
    /// <param name="height">The height that is expected.</param>
    /// <exception cref="MessageFormatException">The data is damaged, of another size, or its points are not laid out as <see cref="CloudPoint"/>.</exception>
    public static void Read(ReadOnlySpan<byte> data, Span<CloudPoint> points, int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(points.Length, checked(width * height), nameof(points));
        float step = ReadHeader(ref data, width, height);
        byte[] values = ArrayPool<byte>.Shared.Rent(CloudiniHeader.ChunkPoints * CloudiniHeader.MostPointBytes);
        try
        {
            using var decompressor = new Decompressor();
            while (!points.IsEmpty)
            {
                int length = data.Length < sizeof(int) ? -1 : BinaryPrimitives.ReadInt32LittleEndian(data);
                if (length < 0 || length > data.Length - sizeof(int))
                {
                    throw new MessageFormatException($"A chunk of the cloud reaches past its {data.Length} bytes.");
                }

                int count = Math.Min(points.Length, CloudiniHeader.ChunkPoints);
                ReadChunk(values.AsSpan(0, decompressor.Unwrap(data.Slice(sizeof(int), length), values)), points[..count], step);
                data = data[(sizeof(int) + length)..];
                points = points[count..];
            }
        }
        catch (ZstdException error)
        {
            throw new MessageFormatException($"A Zstandard frame of the cloud is damaged: {error.Message}", error);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(values);
        }

        if (!data.IsEmpty)
        {
            throw new MessageFormatException($"{data.Length} bytes follow the last point of the cloud.");
        }
    }

    /// <summary>Null, or why the data does not hold height × width points.</summary>
    internal static string? WhyNot(ReadOnlySpan<byte> data, int width, int height)
    {
        if ((long)width * height > MostPoints)
        {
            return $"{width} × {height} points are more than a cloud has (at most {MostPoints})";
        }

        CloudPoint[] room = ArrayPool<CloudPoint>.Shared.Rent(width * height);
        try
        {
            Read(data, room.AsSpan(0, width * height), width, height);
            return null;
        }
        catch (MessageFormatException error)
        {
            return error.Message;
        }
        finally
        {
            ArrayPool<CloudPoint>.Shared.Return(room);
        }
    }

    /// <summary>Leaves the header out of the data and returns metres per step: the only thing in it that may vary beside the size.</summary>
    private static float ReadHeader(ref ReadOnlySpan<byte> data, int width, int height)
    {
        int end = data[..Math.Min(data.Length, LongestHeader)].IndexOf((byte)0);
        string text = end < 0 ? "" : Encoding.ASCII.GetString(data[..(end + 1)]);
        const string Key = "resolution: ";
        int at = text.IndexOf(Key, StringComparison.Ordinal);
        string number = at < 0 ? "" : text[(at + Key.Length)..].Split('\n')[0];
        if (float.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out float step) && step > 0 && float.IsFinite(step))
        {
            var expected = new ArrayBufferWriter<byte>(LongestHeader);
            new CloudiniHeader(step).Write(expected, width, height);
            if (data.StartsWith(expected.WrittenSpan))
            {
                data = data[expected.WrittenCount..];
                return step;
            }
        }

        throw new MessageFormatException($"Expected the header CLOUDINI_V03 of {width} × {height} points with the fields of this SDK.");
    }

    private static void ReadChunk(ReadOnlySpan<byte> values, Span<CloudPoint> points, float step)
    {
        int x = 0, y = 0, z = 0, confidence = 0, label = 0;
        foreach (ref CloudPoint point in points)
        {
            point = new CloudPoint { X = Take(ref values, ref x, step), Y = Take(ref values, ref y, step), Z = Take(ref values, ref z, step) };
            if (values.Length < sizeof(uint))
            {
                throw EndsEarly();
            }

            point.Rgb = BinaryPrimitives.ReadUInt32LittleEndian(values);
            values = values[sizeof(uint)..];
            point.Confidence = Take(ref values, ref confidence, CloudiniHeader.ConfidenceStep);
            label += TakeVarint(ref values) ?? throw new MessageFormatException("A label of the cloud is missing.");
            point.Label = label is >= 0 and <= ushort.MaxValue ? (ushort)label : throw new MessageFormatException($"{label} is no label of a cloud.");
        }

        if (!values.IsEmpty)
        {
            throw new MessageFormatException($"{values.Length} bytes follow the last point of a chunk.");
        }
    }

    private static float Take(ref ReadOnlySpan<byte> values, ref int before, float step)
    {
        if (TakeVarint(ref values) is { } difference)
        {
            before = unchecked(before + difference);
            return before * step;
        }

        before = 0;
        return float.NaN;
    }

    /// <summary>A difference, or null for NaN.</summary>
    private static int? TakeVarint(ref ReadOnlySpan<byte> values)
    {
        ulong bits = 0;
        for (int i = 0; i < 5 && i < values.Length; i++)
        {
            bits |= (ulong)(values[i] & 0x7F) << (7 * i);
            if (values[i] < 0x80)
            {
                values = values[(i + 1)..];
                return bits == 0 ? null : unchecked((int)((long)(--bits >> 1) ^ -(long)(bits & 1)));
            }
        }

        throw values.Length < 5 ? EndsEarly() : new MessageFormatException("A value of the cloud is longer than five bytes.");
    }

    private static MessageFormatException EndsEarly() => new("A chunk of the cloud ends before its last point.");
}
