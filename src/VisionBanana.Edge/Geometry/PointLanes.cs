using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using VisionBanana.Edge.Imaging;

namespace VisionBanana.Edge.Geometry;

/// <summary>
/// Points of one row: computed in planes, turned into records in registers. Each width has its own loop with its constants in registers;
/// all give the same bits as <c>PointCloudBuilder</c> for a single point.
/// </summary>
internal static class PointLanes
{
    /// <summary>Pixels whose colours are read beyond the last point written: a vector of colours is longer than what belongs to its points.</summary>
    public const int ColoursReadAhead = 2;

    private const byte Z = 255; // Outside the 16 lanes: Shuffle gives 0 there.

    // Float k of the records of eight points is value k % 6 of point k / 6. x, y, z, rgb stand in two registers of eight each; trust and labels
    // in a third, which the second permutation takes: there a place below 16 keeps what the first one put.
    private static readonly Vector512<int>[] Places = [Place(0), Place(1), Place(2)];
    private static readonly Vector512<int>[] TailPlaces = [TailPlace(0), TailPlace(1), TailPlace(2)];

    /// <summary>Writes points from the start of a row and returns how many; the caller writes the rest. Labels may be null.</summary>
    /// <param name="row">The row's planes.</param>
    /// <param name="limits">What becomes a point.</param>
    /// <param name="count">Points to write; <see cref="ColoursReadAhead"/> more pixels have colours.</param>
    public static int Write(in PointRow row, in PointLimits limits, int count) =>
        Avx512F.IsSupported ? WriteEights(row, limits, count & ~7) : WriteFours(row, limits, count & ~3);

    /// <summary>Four at a time: what every machine has.</summary>
    internal static int WriteFours(in PointRow row, in PointLimits limits, int count)
    {
        ref float depth = ref row.Depth, confidence = ref row.Confidence, slopeX = ref row.SlopeX;
        ref byte colour = ref Unsafe.As<Rgb24, byte>(ref row.Colour);
        ref ushort label = ref row.Labels;
        ref float to = ref Unsafe.As<CloudPoint, float>(ref row.Points);
        bool labelled = !Unsafe.IsNullRef(ref label);
        Vector128<float> minConfidence = Vector128.Create(limits.MinConfidence), minDepth = Vector128.Create(limits.MinDepth);
        Vector128<float> maxDepth = Vector128.Create(limits.MaxDepth), slopeY = Vector128.Create(row.SlopeY), nothing = Vector128.Create(float.NaN);
        Vector128<byte> swap = Vector128.Create(2, 1, 0, Z, 5, 4, 3, Z, 8, 7, 6, Z, 11, 10, 9, Z);
        Vector128<float> labels = Vector128.Create((uint)LabelPlane.Unknown).AsSingle();
        for (nuint i = 0; i < (nuint)count; i += 4)
        {
            Vector128<float> z = Vector128.LoadUnsafe(ref depth, i), trust = Vector128.LoadUnsafe(ref confidence, i);

            // Comparisons with NaN are false: NaN depth or confidence is no point.
            Vector128<float> valid = Vector128.GreaterThanOrEqual(trust, minConfidence)
                & Vector128.GreaterThanOrEqual(z, minDepth) & Vector128.LessThanOrEqual(z, maxDepth);
            z = Vector128.ConditionalSelect(valid, z, nothing);
            Vector128<float> x = z * Vector128.LoadUnsafe(ref slopeX, i), y = z * slopeY;
            Vector128<float> rgb = Vector128.Shuffle(Vector128.LoadUnsafe(ref colour, i * 3), swap).AsSingle();
            if (labelled)
            {
                labels = Vector128.WidenLower(Vector64.LoadUnsafe(ref label, i).ToVector128Unsafe()).AsSingle();
            }

            Vector128<float> xz01 = ZipLow(x, z), xz23 = ZipHigh(x, z), yc01 = ZipLow(y, rgb), yc23 = ZipHigh(y, rgb);
            Vector128<float> tail01 = ZipLow(trust, labels), tail23 = ZipHigh(trust, labels);
            ref float at = ref Unsafe.Add(ref to, i * 6);
            ZipLow(xz01, yc01).StoreUnsafe(ref at);
            tail01.GetLower().StoreUnsafe(ref at, 4);
            ZipHigh(xz01, yc01).StoreUnsafe(ref at, 6);
            tail01.GetUpper().StoreUnsafe(ref at, 10);
            ZipLow(xz23, yc23).StoreUnsafe(ref at, 12);
            tail23.GetLower().StoreUnsafe(ref at, 16);
            ZipHigh(xz23, yc23).StoreUnsafe(ref at, 18);
            tail23.GetUpper().StoreUnsafe(ref at, 22);
        }

        return count;
    }

    /// <summary>Eight at a time, for AVX-512: two permutations make each 16 floats of the records.</summary>
    private static int WriteEights(in PointRow row, in PointLimits limits, int count)
    {
        ref float depth = ref row.Depth, confidence = ref row.Confidence, slopeX = ref row.SlopeX;
        ref byte colour = ref Unsafe.As<Rgb24, byte>(ref row.Colour);
        ref ushort label = ref row.Labels;
        ref float to = ref Unsafe.As<CloudPoint, float>(ref row.Points);
        bool labelled = !Unsafe.IsNullRef(ref label);
        Vector256<float> minConfidence = Vector256.Create(limits.MinConfidence), minDepth = Vector256.Create(limits.MinDepth);
        Vector256<float> maxDepth = Vector256.Create(limits.MaxDepth), slopeY = Vector256.Create(row.SlopeY), nothing = Vector256.Create(float.NaN);
        Vector256<byte> swap = Vector256.Create(2, 1, 0, Z, 5, 4, 3, Z, 8, 7, 6, Z, 11, 10, 9, Z, 2, 1, 0, Z, 5, 4, 3, Z, 8, 7, 6, Z, 11, 10, 9, Z);
        Vector256<float> labels = Vector256.Create((uint)LabelPlane.Unknown).AsSingle();
        Vector512<int> place0 = Places[0], place1 = Places[1], place2 = Places[2];
        Vector512<int> tail0 = TailPlaces[0], tail1 = TailPlaces[1], tail2 = TailPlaces[2];
        for (nuint i = 0; i < (nuint)count; i += 8)
        {
            Vector256<float> z = Vector256.LoadUnsafe(ref depth, i), trust = Vector256.LoadUnsafe(ref confidence, i);
            Vector256<float> valid = Vector256.GreaterThanOrEqual(trust, minConfidence)
                & Vector256.GreaterThanOrEqual(z, minDepth) & Vector256.LessThanOrEqual(z, maxDepth);
            z = Vector256.ConditionalSelect(valid, z, nothing);
            Vector256<float> x = z * Vector256.LoadUnsafe(ref slopeX, i), y = z * slopeY;
            var colours = Vector256.Create(Vector128.LoadUnsafe(ref colour, i * 3), Vector128.LoadUnsafe(ref colour, (i * 3) + 12));
            Vector256<float> rgb = Avx2.Shuffle(colours, swap).AsSingle();
            if (labelled)
            {
                labels = Vector256.WidenLower(Vector128.LoadUnsafe(ref label, i).ToVector256Unsafe()).AsSingle();
            }

            Vector512<float> xy = Vector512.Create(x, y), zc = Vector512.Create(z, rgb), tail = Vector512.Create(trust, labels);
            ref float at = ref Unsafe.Add(ref to, i * 6);
            Avx512F.PermuteVar16x32x2(Avx512F.PermuteVar16x32x2(xy, place0, zc), tail0, tail).StoreUnsafe(ref at);
            Avx512F.PermuteVar16x32x2(Avx512F.PermuteVar16x32x2(xy, place1, zc), tail1, tail).StoreUnsafe(ref at, 16);
            Avx512F.PermuteVar16x32x2(Avx512F.PermuteVar16x32x2(xy, place2, zc), tail2, tail).StoreUnsafe(ref at, 32);
        }

        return count;
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

    private static Vector512<int> Place(int part) => Vector512.Create(
        [.. Enumerable.Range(part * 16, 16).Select(k => k % 6 < 4 ? (k % 6 * 8) + (k / 6) : 0)]);

    private static Vector512<int> TailPlace(int part) => Vector512.Create(
        [.. Enumerable.Range(part * 16, 16).Select(k => k % 6 < 4 ? k - (part * 16) : 16 + ((k % 6 - 4) * 8) + (k / 6))]);
}
