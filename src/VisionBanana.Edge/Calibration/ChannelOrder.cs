using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using VisionBanana.Edge.Imaging;

namespace VisionBanana.Edge.Calibration;

/// <summary>Copies interleaved pictures to the order red, green, blue.</summary>
internal static class ChannelOrder
{
    /// <summary>Copies the picture; both buffers hold Height × Width × 3 bytes.</summary>
    public static void ToRgb(ReadOnlySpan<byte> source, PixelFormat format, Span<byte> rgb)
    {
        if (source.Length != rgb.Length || source.Length % 3 != 0)
        {
            throw new ArgumentException("Source and target must be pictures of one size.", nameof(source));
        }

        if (format == PixelFormat.Rgb8)
        {
            source.CopyTo(rgb);
            return;
        }

        int i = 0;
        if (Vector128.IsHardwareAccelerated)
        {
            // Five pixels per step; the sixteenth byte is overwritten by the next step.
            ref byte from = ref MemoryMarshal.GetReference(source);
            ref byte to = ref MemoryMarshal.GetReference(rgb);
            for (; i <= source.Length - 16; i += 15)
            {
                var pixels = Vector128.LoadUnsafe(ref from, (nuint)i);
                Vector128.Shuffle(pixels, Vector128.Create((byte)2, 1, 0, 5, 4, 3, 8, 7, 6, 11, 10, 9, 14, 13, 12, 15)).StoreUnsafe(ref to, (nuint)i);
            }
        }

        for (; i < source.Length; i += 3)
        {
            (rgb[i], rgb[i + 1], rgb[i + 2]) = (source[i + 2], source[i + 1], source[i]);
        }
    }
}
