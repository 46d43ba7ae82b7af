using System.Numerics;
using System.Runtime.InteropServices;

namespace VisionBanana.Edge.Messages;

/// <summary>Narrows decoded planes to what travels, as many pixels at a time as the machine's vectors hold.</summary>
internal static class PlaneConversion
{
    /// <summary>Metres to whole millimetres, rounded; NaN, ±∞, negative and beyond 65.535 m become 0 = no measurement.</summary>
    public static void ToMillimetres(ReadOnlySpan<float> metres, Span<ushort> millimetres)
    {
        millimetres = millimetres[..metres.Length];
        int done = 0;
        if (Vector.IsHardwareAccelerated)
        {
            int lanes = Vector<float>.Count;
            for (; done <= metres.Length - (2 * lanes); done += 2 * lanes)
            {
                Vector<uint> low = RoundedMillimetres(new Vector<float>(metres[done..]));
                Vector<uint> high = RoundedMillimetres(new Vector<float>(metres[(done + lanes)..]));
                Vector.Narrow(low, high).CopyTo(millimetres[done..]);
            }
        }

        for (; done < metres.Length; done++)
        {
            float rounded = (metres[done] * 1000f) + 0.5f;
            millimetres[done] = rounded is >= 1f and < 65536f ? (ushort)rounded : (ushort)0;
        }
    }

    /// <summary>Ids to bytes; 255 and everything above, 65535 = unknown among them, become 255.</summary>
    public static void ToBytes(ReadOnlySpan<ushort> labels, Span<byte> bytes)
    {
        bytes = bytes[..labels.Length];
        int done = 0;
        if (Vector.IsHardwareAccelerated)
        {
            int lanes = Vector<ushort>.Count;
            var top = new Vector<ushort>(byte.MaxValue);
            for (; done <= labels.Length - (2 * lanes); done += 2 * lanes)
            {
                Vector<ushort> low = Vector.Min(new Vector<ushort>(labels[done..]), top);
                Vector<ushort> high = Vector.Min(new Vector<ushort>(labels[(done + lanes)..]), top);
                Vector.Narrow(low, high).CopyTo(bytes[done..]);
            }
        }

        for (; done < labels.Length; done++)
        {
            bytes[done] = (byte)Math.Min(labels[done], (ushort)byte.MaxValue);
        }
    }

    /// <summary>The plane as it lies in memory; everything this SDK runs on is little endian, as CDR is.</summary>
    public static void Copy<T>(ReadOnlySpan<T> plane, Span<byte> bytes)
        where T : unmanaged => MemoryMarshal.AsBytes(plane).CopyTo(bytes);

    private static Vector<uint> RoundedMillimetres(Vector<float> metres)
    {
        Vector<float> rounded = (metres * 1000f) + new Vector<float>(0.5f);
        Vector<int> valid = Vector.GreaterThanOrEqual(rounded, Vector<float>.One) & Vector.LessThan(rounded, new Vector<float>(65536f));
        return Vector.AsVectorUInt32(Vector.ConvertToInt32(Vector.ConditionalSelect(valid, rounded, Vector<float>.Zero)));
    }
}
