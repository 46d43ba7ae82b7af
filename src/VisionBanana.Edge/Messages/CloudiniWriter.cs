using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using VisionBanana.Edge.Geometry;
using VisionBanana.Edge.Messages.Ros;
using ZstdSharp;

namespace VisionBanana.Edge.Messages;

/// <summary>
/// Quantises points and packs them as Cloudini does (<see cref="CloudiniHeader"/>): coordinates in whole steps, each value as its difference to
/// the point before, in as few bytes as it needs, then Zstandard. An instance writes for one thread; once warm nothing is allocated.
/// </summary>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "As in ZstdData: the context is a safe handle.")]
internal sealed class CloudiniWriter(float step)
{
    private readonly CloudiniHeader _header = new(step);
    private readonly Compressor _compressor = new(1);
    private byte[] _values = [];

    /// <summary>Appends header and chunks.</summary>
    public void Write(CdrWriter writer, ReadOnlySpan<CloudPoint> points, int width, int height)
    {
        _header.Write(writer, width, height);
        int most = Math.Min(points.Length, CloudiniHeader.ChunkPoints) * CloudiniHeader.MostPointBytes;
        if (_values.Length < most)
        {
            _values = GC.AllocateUninitializedArray<byte>(most);
        }

        while (!points.IsEmpty)
        {
            int count = Math.Min(points.Length, CloudiniHeader.ChunkPoints), length = Quantise(points[..count]);
            Span<byte> room = writer.GetSpan(sizeof(int) + Compressor.GetCompressBound(length));
            int packed = _compressor.Wrap(_values.AsSpan(0, length), room[sizeof(int)..]);
            BinaryPrimitives.WriteInt32LittleEndian(room, packed);
            writer.Advance(sizeof(int) + packed);
            points = points[count..];
        }
    }

    private int Quantise(ReadOnlySpan<CloudPoint> points)
    {
        const float ConfidencePerStep = 1 / CloudiniHeader.ConfidenceStep;
        float perMetre = 1 / step;
        Span<byte> target = _values;
        int at = 0, x = 0, y = 0, z = 0, confidence = 0, label = 0;
        foreach (ref readonly CloudPoint point in points)
        {
            at = Append(target, at, point.X * perMetre, ref x);
            at = Append(target, at, point.Y * perMetre, ref y);
            at = Append(target, at, point.Z * perMetre, ref z);
            BinaryPrimitives.WriteUInt32LittleEndian(target[at..], point.Rgb);
            at = Append(target, at + sizeof(uint), point.Confidence * ConfidencePerStep, ref confidence);
            at = AppendVarint(target, at, point.Label - label);
            label = point.Label;
        }

        return at;
    }

    private static int Append(Span<byte> target, int at, float steps, ref int before)
    {
        if (float.IsNaN(steps))
        {
            before = 0;
            target[at] = 0;
            return at + 1;
        }

        // The conversion saturates.
        int now = (int)MathF.Round(steps);
        at = AppendVarint(target, at, (long)now - before);
        before = now;
        return at;
    }

    /// <summary>Zigzag, plus 1 because 0 stands for NaN, seven bits per byte from the lowest.</summary>
    private static int AppendVarint(Span<byte> target, int at, long value)
    {
        ulong bits = (ulong)((value << 1) ^ (value >> 63)) + 1;
        while (bits > 0x7F)
        {
            target[at++] = (byte)(bits | 0x80);
            bits >>= 7;
        }

        target[at++] = (byte)bits;
        return at;
    }
}
