using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace VisionBanana.Edge.Onnx.Painting;

/// <summary>Turns interleaved 8-bit RGB into planes of floats and back, 16 pixels at a time.</summary>
internal static class RgbPlanes
{
    private const int Lanes = 16;

    /// <summary>plane[c] = pixel · factor[c] + offset[c]; <paramref name="planes"/> holds red, green, blue one after the other.</summary>
    public static void FromRgb(ReadOnlySpan<byte> rgb, Span<float> planes, ReadOnlySpan<float> factor, ReadOnlySpan<float> offset)
    {
        int count = planes.Length / 3;
        if (rgb.Length != count * 3 || planes.Length != count * 3)
        {
            throw new ArgumentException($"Expected {count * 3} bytes, found {rgb.Length}.", nameof(rgb));
        }

        ref byte source = ref MemoryMarshal.GetReference(rgb);
        ref float target = ref MemoryMarshal.GetReference(planes);
        int done = 0;
        for (; done + Lanes <= count; done += Lanes)
        {
            ref byte at = ref Unsafe.Add(ref source, done * 3);
            Vector128<byte> a = Vector128.LoadUnsafe(ref at);
            Vector128<byte> b = Vector128.LoadUnsafe(ref at, 16);
            Vector128<byte> c = Vector128.LoadUnsafe(ref at, 32);

            // An index beyond 15 gives zero, so that three partial shuffles add up to one plane.
            Vector128<byte> red =
                Vector128.Shuffle(a, Vector128.Create((byte)0, 3, 6, 9, 12, 15, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99))
                | Vector128.Shuffle(b, Vector128.Create((byte)99, 99, 99, 99, 99, 99, 2, 5, 8, 11, 14, 99, 99, 99, 99, 99))
                | Vector128.Shuffle(c, Vector128.Create((byte)99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 1, 4, 7, 10, 13));
            Vector128<byte> green =
                Vector128.Shuffle(a, Vector128.Create((byte)1, 4, 7, 10, 13, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99))
                | Vector128.Shuffle(b, Vector128.Create((byte)99, 99, 99, 99, 99, 0, 3, 6, 9, 12, 15, 99, 99, 99, 99, 99))
                | Vector128.Shuffle(c, Vector128.Create((byte)99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 2, 5, 8, 11, 14));
            Vector128<byte> blue =
                Vector128.Shuffle(a, Vector128.Create((byte)2, 5, 8, 11, 14, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99))
                | Vector128.Shuffle(b, Vector128.Create((byte)99, 99, 99, 99, 99, 1, 4, 7, 10, 13, 99, 99, 99, 99, 99, 99))
                | Vector128.Shuffle(c, Vector128.Create((byte)99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 0, 3, 6, 9, 12, 15));
            Widen(red, ref Unsafe.Add(ref target, done), factor[0], offset[0]);
            Widen(green, ref Unsafe.Add(ref target, count + done), factor[1], offset[1]);
            Widen(blue, ref Unsafe.Add(ref target, (2 * count) + done), factor[2], offset[2]);
        }

        for (; done < count; done++)
        {
            for (int channel = 0; channel < 3; channel++)
            {
                planes[(channel * count) + done] = (rgb[(done * 3) + channel] * factor[channel]) + offset[channel];
            }
        }
    }

    /// <summary>pixel = plane · 255, rounded and clamped to 0–255; NaN becomes 0.</summary>
    public static void ToRgb(ReadOnlySpan<float> planes, Span<byte> rgb)
    {
        int count = planes.Length / 3;
        if (rgb.Length != count * 3 || planes.Length != count * 3)
        {
            throw new ArgumentException($"Expected room for {count * 3} bytes, found {rgb.Length}.", nameof(rgb));
        }

        ref float source = ref MemoryMarshal.GetReference(planes);
        ref byte target = ref MemoryMarshal.GetReference(rgb);
        int done = 0;
        for (; done + Lanes <= count; done += Lanes)
        {
            Vector128<byte> red = Narrow(ref Unsafe.Add(ref source, done));
            Vector128<byte> green = Narrow(ref Unsafe.Add(ref source, count + done));
            Vector128<byte> blue = Narrow(ref Unsafe.Add(ref source, (2 * count) + done));
            ref byte at = ref Unsafe.Add(ref target, done * 3);
            (Vector128.Shuffle(red, Vector128.Create((byte)0, 99, 99, 1, 99, 99, 2, 99, 99, 3, 99, 99, 4, 99, 99, 5))
                | Vector128.Shuffle(green, Vector128.Create((byte)99, 0, 99, 99, 1, 99, 99, 2, 99, 99, 3, 99, 99, 4, 99, 99))
                | Vector128.Shuffle(blue, Vector128.Create((byte)99, 99, 0, 99, 99, 1, 99, 99, 2, 99, 99, 3, 99, 99, 4, 99))).StoreUnsafe(ref at);
            (Vector128.Shuffle(red, Vector128.Create((byte)99, 99, 6, 99, 99, 7, 99, 99, 8, 99, 99, 9, 99, 99, 10, 99))
                | Vector128.Shuffle(green, Vector128.Create((byte)5, 99, 99, 6, 99, 99, 7, 99, 99, 8, 99, 99, 9, 99, 99, 10))
                | Vector128.Shuffle(blue, Vector128.Create((byte)99, 5, 99, 99, 6, 99, 99, 7, 99, 99, 8, 99, 99, 9, 99, 99))).StoreUnsafe(ref at, 16);
            (Vector128.Shuffle(red, Vector128.Create((byte)99, 11, 99, 99, 12, 99, 99, 13, 99, 99, 14, 99, 99, 15, 99, 99))
                | Vector128.Shuffle(green, Vector128.Create((byte)99, 99, 11, 99, 99, 12, 99, 99, 13, 99, 99, 14, 99, 99, 15, 99))
                | Vector128.Shuffle(blue, Vector128.Create((byte)10, 99, 99, 11, 99, 99, 12, 99, 99, 13, 99, 99, 14, 99, 99, 15))).StoreUnsafe(ref at, 32);
        }

        for (; done < count; done++)
        {
            for (int channel = 0; channel < 3; channel++)
            {
                float value = planes[(channel * count) + done];
                rgb[(done * 3) + channel] = value > 0 ? (byte)(int)MathF.Min((value * 255f) + 0.5f, 255f) : (byte)0;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Widen(Vector128<byte> bytes, ref float target, float factor, float offset)
    {
        Vector128<float> f = Vector128.Create(factor), o = Vector128.Create(offset);
        (Vector128<ushort> low, Vector128<ushort> high) = Vector128.Widen(bytes);
        (Vector128<uint> v0, Vector128<uint> v1) = Vector128.Widen(low);
        (Vector128<uint> v2, Vector128<uint> v3) = Vector128.Widen(high);
        ((Vector128.ConvertToSingle(v0.AsInt32()) * f) + o).StoreUnsafe(ref target);
        ((Vector128.ConvertToSingle(v1.AsInt32()) * f) + o).StoreUnsafe(ref target, 4);
        ((Vector128.ConvertToSingle(v2.AsInt32()) * f) + o).StoreUnsafe(ref target, 8);
        ((Vector128.ConvertToSingle(v3.AsInt32()) * f) + o).StoreUnsafe(ref target, 12);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Narrow(ref float source) => Vector128.Narrow(
        Vector128.Narrow(ToByteRange(ref source), ToByteRange(ref Unsafe.Add(ref source, 4))),
        Vector128.Narrow(ToByteRange(ref Unsafe.Add(ref source, 8)), ToByteRange(ref Unsafe.Add(ref source, 12))));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> ToByteRange(ref float source)
    {
        Vector128<float> value = Vector128.LoadUnsafe(ref source);

        // A comparison with NaN is false: NaN becomes 0 with everything else that is not above it.
        value = Vector128.ConditionalSelect(Vector128.GreaterThan(value, Vector128<float>.Zero), value, Vector128<float>.Zero);
        value = Vector128.Min((value * 255f) + Vector128.Create(0.5f), Vector128.Create(255f));
        return Vector128.ConvertToInt32(value).AsUInt32();
    }
}
