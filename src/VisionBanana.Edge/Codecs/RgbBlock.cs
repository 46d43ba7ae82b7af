using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using VisionBanana.Edge.Imaging;

namespace VisionBanana.Edge.Codecs;

/// <summary>
/// Takes blocks of 64 interleaved pixels apart into three planes and puts them together again, 16 pixels at a time.
/// Codecs work block by block, so that the planes never leave the first-level cache; a short last block is padded by the
/// caller and runs through the same instructions, hence with the same result as every other.
/// </summary>
internal static class RgbBlock
{
    /// <summary>Pixels per block: a multiple of the lanes of every vector width there is.</summary>
    public const int Pixels = 64;

    /// <summary>Bytes of the three planes of a block: red at 0, green at 64, blue at 128.</summary>
    public const int PlaneBytes = 3 * Pixels;

    private const byte Z = 255; // Outside the 16 lanes: Shuffle gives 0 there.

    // Where the bytes of a channel stand in the first 128 of a block, and then those of the last 64 behind what the first step collected.
    private static readonly Vector512<byte>[] First512 = [First(0), First(1), First(2)];
    private static readonly Vector512<byte>[] Second512 = [Second(0), Second(1), Second(2)];

    /// <summary>Interleaved → planes.</summary>
    [SuppressMessage("Style", "IDE0055", Justification = "The shuffles read as a table.")]
    public static void Split(ref readonly Rgb24 pixels, ref byte planes)
    {
        ref byte source = ref Unsafe.As<Rgb24, byte>(ref Unsafe.AsRef(in pixels));
        for (nuint i = 0; i < Pixels; i += 16)
        {
            Vector128<byte> a = Vector128.LoadUnsafe(ref source, i * 3);
            Vector128<byte> b = Vector128.LoadUnsafe(ref source, (i * 3) + 16);
            Vector128<byte> c = Vector128.LoadUnsafe(ref source, (i * 3) + 32);
            Vector128<byte> red =
                Vector128.Shuffle(a, Vector128.Create(0, 3, 6, 9, 12, 15, Z, Z, Z, Z, Z, Z, Z, Z, Z, Z)) |
                Vector128.Shuffle(b, Vector128.Create(Z, Z, Z, Z, Z, Z, 2, 5, 8, 11, 14, Z, Z, Z, Z, Z)) |
                Vector128.Shuffle(c, Vector128.Create(Z, Z, Z, Z, Z, Z, Z, Z, Z, Z, Z, 1, 4, 7, 10, 13));
            Vector128<byte> green =
                Vector128.Shuffle(a, Vector128.Create(1, 4, 7, 10, 13, Z, Z, Z, Z, Z, Z, Z, Z, Z, Z, Z)) |
                Vector128.Shuffle(b, Vector128.Create(Z, Z, Z, Z, Z, 0, 3, 6, 9, 12, 15, Z, Z, Z, Z, Z)) |
                Vector128.Shuffle(c, Vector128.Create(Z, Z, Z, Z, Z, Z, Z, Z, Z, Z, Z, 2, 5, 8, 11, 14));
            Vector128<byte> blue =
                Vector128.Shuffle(a, Vector128.Create(2, 5, 8, 11, 14, Z, Z, Z, Z, Z, Z, Z, Z, Z, Z, Z)) |
                Vector128.Shuffle(b, Vector128.Create(Z, Z, Z, Z, Z, 1, 4, 7, 10, 13, Z, Z, Z, Z, Z, Z)) |
                Vector128.Shuffle(c, Vector128.Create(Z, Z, Z, Z, Z, Z, Z, Z, Z, Z, 0, 3, 6, 9, 12, 15));
            red.StoreUnsafe(ref planes, i);
            green.StoreUnsafe(ref planes, i + Pixels);
            blue.StoreUnsafe(ref planes, i + (2 * Pixels));
        }
    }

    /// <summary>Interleaved → one register per channel; for AVX-512 VBMI.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Split512(ref readonly Rgb24 pixels, out Vector512<byte> red, out Vector512<byte> green, out Vector512<byte> blue)
    {
        ref byte source = ref Unsafe.As<Rgb24, byte>(ref Unsafe.AsRef(in pixels));
        Vector512<byte> a = Vector512.LoadUnsafe(ref source), b = Vector512.LoadUnsafe(ref source, 64), c = Vector512.LoadUnsafe(ref source, 128);
        red = Avx512Vbmi.PermuteVar64x8x2(Avx512Vbmi.PermuteVar64x8x2(a, First512[0], b), Second512[0], c);
        green = Avx512Vbmi.PermuteVar64x8x2(Avx512Vbmi.PermuteVar64x8x2(a, First512[1], b), Second512[1], c);
        blue = Avx512Vbmi.PermuteVar64x8x2(Avx512Vbmi.PermuteVar64x8x2(a, First512[2], b), Second512[2], c);
    }

    /// <summary>Planes → interleaved.</summary>
    [SuppressMessage("Style", "IDE0055", Justification = "The shuffles read as a table.")]
    public static void Join(ref readonly byte planes, ref Rgb24 pixels)
    {
        ref byte target = ref Unsafe.As<Rgb24, byte>(ref pixels);
        for (nuint i = 0; i < Pixels; i += 16)
        {
            Vector128<byte> red = Vector128.LoadUnsafe(in planes, i);
            Vector128<byte> green = Vector128.LoadUnsafe(in planes, i + Pixels);
            Vector128<byte> blue = Vector128.LoadUnsafe(in planes, i + (2 * Pixels));
            Vector128<byte> a =
                Vector128.Shuffle(red, Vector128.Create(0, Z, Z, 1, Z, Z, 2, Z, Z, 3, Z, Z, 4, Z, Z, 5)) |
                Vector128.Shuffle(green, Vector128.Create(Z, 0, Z, Z, 1, Z, Z, 2, Z, Z, 3, Z, Z, 4, Z, Z)) |
                Vector128.Shuffle(blue, Vector128.Create(Z, Z, 0, Z, Z, 1, Z, Z, 2, Z, Z, 3, Z, Z, 4, Z));
            Vector128<byte> b =
                Vector128.Shuffle(red, Vector128.Create(Z, Z, 6, Z, Z, 7, Z, Z, 8, Z, Z, 9, Z, Z, 10, Z)) |
                Vector128.Shuffle(green, Vector128.Create(5, Z, Z, 6, Z, Z, 7, Z, Z, 8, Z, Z, 9, Z, Z, 10)) |
                Vector128.Shuffle(blue, Vector128.Create(Z, 5, Z, Z, 6, Z, Z, 7, Z, Z, 8, Z, Z, 9, Z, Z));
            Vector128<byte> c =
                Vector128.Shuffle(red, Vector128.Create(Z, 11, Z, Z, 12, Z, Z, 13, Z, Z, 14, Z, Z, 15, Z, Z)) |
                Vector128.Shuffle(green, Vector128.Create(Z, Z, 11, Z, Z, 12, Z, Z, 13, Z, Z, 14, Z, Z, 15, Z)) |
                Vector128.Shuffle(blue, Vector128.Create(10, Z, Z, 11, Z, Z, 12, Z, Z, 13, Z, Z, 14, Z, Z, 15));
            a.StoreUnsafe(ref target, i * 3);
            b.StoreUnsafe(ref target, (i * 3) + 16);
            c.StoreUnsafe(ref target, (i * 3) + 32);
        }
    }

    private static Vector512<byte> First(int channel) => Vector512.Create([.. Enumerable.Range(0, Pixels).Select(i => (byte)Math.Min((3 * i) + channel, 127))]);

    private static Vector512<byte> Second(int channel) => Vector512.Create(
        [.. Enumerable.Range(0, Pixels).Select(i => (byte)((3 * i) + channel < 128 ? i : (3 * i) + channel - 64))]);
}
