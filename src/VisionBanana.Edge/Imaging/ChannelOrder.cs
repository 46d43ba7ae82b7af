using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace VisionBanana.Edge.Imaging;

/// <summary>Copies interleaved pictures of three bytes per pixel from one order of channels to the other.</summary>
public static class ChannelOrder
{
    /// <summary>Copies a picture to the order red, green, blue.</summary>
    /// <param name="source">Height × Width × 3 bytes in the order of <paramref name="format"/>.</param>
    /// <param name="format">The order of the source.</param>
    /// <param name="rgb">As many bytes.</param>
    /// <exception cref="ArgumentException">The buffers differ in length, or hold no whole pixels.</exception>
    public static void ToRgb(ReadOnlySpan<byte> source, PixelFormat format, Span<byte> rgb)
    {
        if (format == PixelFormat.Bgr8)
        {
            Swap(source, rgb);
        }
        else
        {
            Check(source, rgb);
            source.CopyTo(rgb);
        }
    }

    /// <summary>Copies a picture with red and blue exchanged.</summary>
    /// <exception cref="ArgumentException">The buffers differ in length, or hold no whole pixels.</exception>
    public static void Swap(ReadOnlySpan<byte> source, Span<byte> target)
    {
        Check(source, target);
        int i = 0;
        if (Vector128.IsHardwareAccelerated)
        {
            // Five pixels per step; the sixteenth byte is overwritten by the next step.
            ref byte from = ref MemoryMarshal.GetReference(source);
            ref byte to = ref MemoryMarshal.GetReference(target);
            for (; i <= source.Length - 16; i += 15)
            {
                var pixels = Vector128.LoadUnsafe(ref from, (nuint)i);
                Vector128.Shuffle(pixels, Vector128.Create((byte)2, 1, 0, 5, 4, 3, 8, 7, 6, 11, 10, 9, 14, 13, 12, 15)).StoreUnsafe(ref to, (nuint)i);
            }
        }

        for (; i < source.Length; i += 3)
        {
            (target[i], target[i + 1], target[i + 2]) = (source[i + 2], source[i + 1], source[i]);
        }
    }

    private static void Check(ReadOnlySpan<byte> source, Span<byte> target)
    {
        if (source.Length != target.Length || source.Length % 3 != 0)
        {
            throw new ArgumentException($"Two pictures of one size are expected, found {source.Length} and {target.Length} bytes.", nameof(target));
        }
    }
}
