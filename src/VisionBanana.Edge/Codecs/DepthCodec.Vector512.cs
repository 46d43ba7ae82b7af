using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using VisionBanana.Edge.Imaging;

namespace VisionBanana.Edge.Codecs;

/// <content>The same block with one register per channel, for processors with AVX-512 VBMI: the same sums in wider lanes, hence the same bits.</content>
public static partial class DepthCodec
{
    private static void DecodeBlock512(ref readonly Rgb24 pixels, ref float depth, ref float confidence)
    {
        RgbBlock.Split512(in pixels, out Vector512<byte> r, out Vector512<byte> g, out Vector512<byte> b);
        Vector512<ushort> low = DecodeLanes512(Vector512.WidenLower(r), Vector512.WidenLower(g), Vector512.WidenLower(b), ref confidence);
        Vector512<ushort> high = DecodeLanes512(Vector512.WidenUpper(r), Vector512.WidenUpper(g), Vector512.WidenUpper(b), ref Unsafe.Add(ref confidence, 32));
        Metres(Vector512.WidenLower(low)).StoreUnsafe(ref depth);
        Metres(Vector512.WidenUpper(low)).StoreUnsafe(ref depth, 16);
        Metres(Vector512.WidenLower(high)).StoreUnsafe(ref depth, 32);
        Metres(Vector512.WidenUpper(high)).StoreUnsafe(ref depth, 48);
    }

    /// <summary>The depth of a number of steps left, rounded as <see cref="DepthOfStep"/> rounds.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Metres(Vector512<uint> left)
    {
        Vector512<float> ratio = Vector512.Create((float)StepCount) / Vector512.ConvertToSingle(left.AsInt32());
        return Vector512.Create(10f) * (Vector512.Sqrt(ratio) - Vector512<float>.One);
    }

    /// <summary>Writes the confidence of 32 pixels and returns their steps left to white; see <see cref="DecodeLanes"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ushort> DecodeLanes512(Vector512<ushort> r, Vector512<ushort> g, Vector512<ushort> b, ref float confidence)
    {
        Vector512<ushort> full = Vector512.Create((ushort)255);
        Vector512<ushort> rUp = full - r, gUp = full - g, bUp = full - b;
        Vector512<ushort> r0 = r * r, g0 = g * g, b0 = b * b;
        Vector512<ushort> r255 = rUp * rUp, g255 = gUp * gUp, b255 = bUp * bUp;

        Vector512<ushort> nearest = Avx512BW.AddSaturate(g0, b0);
        Vector512<ushort> remaining = Vector512.Create((ushort)StepCount) - r;
        Closer(Avx512BW.AddSaturate(r255, b0), Vector512.Create((ushort)(StepCount - 255)) - g, ref nearest, ref remaining);
        Closer(Avx512BW.AddSaturate(g255, b0), Vector512.Create((ushort)(StepCount - 765)) + r, ref nearest, ref remaining);
        Closer(Avx512BW.AddSaturate(r0, g255), Vector512.Create((ushort)(StepCount - 765)) - b, ref nearest, ref remaining);
        Closer(Avx512BW.AddSaturate(r0, b255), Vector512.Create((ushort)(StepCount - 1275)) + g, ref nearest, ref remaining);
        Closer(Avx512BW.AddSaturate(g0, b255), Vector512.Create((ushort)(StepCount - 1275)) - r, ref nearest, ref remaining);
        Closer(Avx512BW.AddSaturate(r255, b255), Vector512.Create((ushort)(StepCount - 1530)) - g, ref nearest, ref remaining);

        Trust(Vector512.WidenLower(nearest)).StoreUnsafe(ref confidence);
        Trust(Vector512.WidenUpper(nearest)).StoreUnsafe(ref confidence, 16);
        return remaining;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Closer(Vector512<ushort> distance, Vector512<ushort> left, ref Vector512<ushort> nearest, ref Vector512<ushort> remaining)
    {
        remaining = Vector512.ConditionalSelect(Vector512.LessThan(distance, nearest), left, remaining);
        nearest = Vector512.Min(nearest, distance);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Trust(Vector512<uint> squared)
    {
        Vector512<float> scale = Vector512.Create(PaintingResidual.HalfConfidenceDistance * PaintingResidual.HalfConfidenceDistance);
        return scale / (scale + Vector512.ConvertToSingle(squared.AsInt32()));
    }
}
