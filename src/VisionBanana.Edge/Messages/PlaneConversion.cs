using System.Numerics;
using System.Runtime.InteropServices;

namespace VisionBanana.Edge.Messages;

/// <summary>Narrows decoded planes to what travels, as many pixels at a time as the machine's vectors hold.</summary>
public static class PlaneConversion
{
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
    internal static void Copy<T>(ReadOnlySpan<T> plane, Span<byte> bytes)
        where T : unmanaged => MemoryMarshal.AsBytes(plane).CopyTo(bytes);
}
