using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using VisionBanana.Edge.Imaging;

namespace VisionBanana.Edge.Geometry;

/// <summary>Four points at a time: computed in planes, turned into records in registers.</summary>
internal static class PointLanes
{
    private const byte Z = 255; // Outside the 16 lanes: Shuffle gives 0 there.

    /// <summary>Labels of pixels whose class was not painted.</summary>
    public static Vector128<float> NoLabels => Vector128.Create((uint)Percept.UnknownLabel).AsSingle();

    /// <summary>Four labels, each in the low half of a lane: label and padding of a record.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Labels(ref readonly ushort labels)
    {
        Vector64<ushort> four = Vector64.LoadUnsafe(in labels);
        return Vector128.WidenLower(four.ToVector128Unsafe()).AsSingle();
    }

    /// <summary>Writes four points of one row. Reads 16 bytes at <paramref name="colour"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write(
        ref readonly float depth, ref readonly float confidence, ref readonly Rgb24 colour, Vector128<float> labels,
        ref readonly float slopeX, float slopeY, float minConfidence, float minDepth, float maxDepth, ref CloudPoint points)
    {
        Vector128<float> z = Vector128.LoadUnsafe(in depth), trust = Vector128.LoadUnsafe(in confidence);

        // Comparisons with NaN are false: NaN depth or confidence is no point.
        Vector128<float> valid = Vector128.GreaterThanOrEqual(trust, Vector128.Create(minConfidence))
            & Vector128.GreaterThanOrEqual(z, Vector128.Create(minDepth))
            & Vector128.LessThanOrEqual(z, Vector128.Create(maxDepth));
        z = Vector128.ConditionalSelect(valid, z, Vector128.Create(float.NaN));
        Vector128<float> x = z * Vector128.LoadUnsafe(in slopeX), y = z * Vector128.Create(slopeY);

        Vector128<byte> bytes = Vector128.LoadUnsafe(ref Unsafe.As<Rgb24, byte>(ref Unsafe.AsRef(in colour)));
        Vector128<float> rgb = Vector128.Shuffle(bytes, Vector128.Create(2, 1, 0, Z, 5, 4, 3, Z, 8, 7, 6, Z, 11, 10, 9, Z)).AsSingle();

        Vector128<float> xz01 = ZipLow(x, z), xz23 = ZipHigh(x, z), yc01 = ZipLow(y, rgb), yc23 = ZipHigh(y, rgb);
        Vector128<float> tail01 = ZipLow(trust, labels), tail23 = ZipHigh(trust, labels);
        ref float to = ref Unsafe.As<CloudPoint, float>(ref points);
        ZipLow(xz01, yc01).StoreUnsafe(ref to);
        tail01.GetLower().StoreUnsafe(ref to, 4);
        ZipHigh(xz01, yc01).StoreUnsafe(ref to, 6);
        tail01.GetUpper().StoreUnsafe(ref to, 10);
        ZipLow(xz23, yc23).StoreUnsafe(ref to, 12);
        tail23.GetLower().StoreUnsafe(ref to, 16);
        ZipHigh(xz23, yc23).StoreUnsafe(ref to, 18);
        tail23.GetUpper().StoreUnsafe(ref to, 22);
    }

    // (a0, b0, a1, b1)
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> ZipLow(Vector128<float> a, Vector128<float> b) =>
        Sse.IsSupported ? Sse.UnpackLow(a, b)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipLow(a, b)
        : Vector128.Create(a[0], b[0], a[1], b[1]);

    // (a2, b2, a3, b3)
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> ZipHigh(Vector128<float> a, Vector128<float> b) =>
        Sse.IsSupported ? Sse.UnpackHigh(a, b)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipHigh(a, b)
        : Vector128.Create(a[2], b[2], a[3], b[3]);
}
