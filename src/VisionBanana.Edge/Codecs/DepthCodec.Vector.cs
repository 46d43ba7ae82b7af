using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace VisionBanana.Edge.Codecs;

/// <content>A block of 64 pixels at a time, in lanes of 16 bits as long as the numbers are whole.</content>
public static partial class DepthCodec
{
    // Depth by the number of steps left to white. A load costs less than the square root and the division it stands for.
    private static readonly float[] DepthOfRemaining = [.. Enumerable.Range(0, StepCount + 1).Select(left => DepthOfStep(StepCount - left))];

    private static void DecodeBlock(ref readonly byte planes, ref float depth, ref float confidence)
    {
        Unsafe.SkipInit(out StepBlock steps);
        ref ushort remaining = ref Unsafe.As<StepBlock, ushort>(ref steps);
        for (nuint i = 0; i < RgbBlock.Pixels; i += (nuint)Vector<byte>.Count)
        {
            Vector.Widen(Vector.LoadUnsafe(in planes, i), out Vector<ushort> r0, out Vector<ushort> r1);
            Vector.Widen(Vector.LoadUnsafe(in planes, i + RgbBlock.Pixels), out Vector<ushort> g0, out Vector<ushort> g1);
            Vector.Widen(Vector.LoadUnsafe(in planes, i + (2 * RgbBlock.Pixels)), out Vector<ushort> b0, out Vector<ushort> b1);
            nuint second = i + (nuint)Vector<ushort>.Count;
            DecodeLanes(r0, g0, b0, ref Unsafe.Add(ref remaining, i), ref Unsafe.Add(ref confidence, i));
            DecodeLanes(r1, g1, b1, ref Unsafe.Add(ref remaining, second), ref Unsafe.Add(ref confidence, second));
        }

        ref float table = ref MemoryMarshal.GetArrayDataReference(DepthOfRemaining);
        for (nuint i = 0; i < RgbBlock.Pixels; i += 4)
        {
            Unsafe.Add(ref depth, i) = Unsafe.Add(ref table, (nuint)Unsafe.Add(ref remaining, i));
            Unsafe.Add(ref depth, i + 1) = Unsafe.Add(ref table, (nuint)Unsafe.Add(ref remaining, i + 1));
            Unsafe.Add(ref depth, i + 2) = Unsafe.Add(ref table, (nuint)Unsafe.Add(ref remaining, i + 2));
            Unsafe.Add(ref depth, i + 3) = Unsafe.Add(ref table, (nuint)Unsafe.Add(ref remaining, i + 3));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void DecodeLanes(Vector<ushort> r, Vector<ushort> g, Vector<ushort> b, ref ushort stepsLeft, ref float confidence)
    {
        // Squared distances of each channel from 0 and from 255. A sum of two may exceed 16 bits; it then saturates, and never
        // is the smallest of the seven, which is at most 2 · 127.5².
        var full = new Vector<ushort>(255);
        Vector<ushort> rUp = full - r, gUp = full - g, bUp = full - b;
        Vector<ushort> r0 = r * r, g0 = g * g, b0 = b * b;
        Vector<ushort> r255 = rUp * rUp, g255 = gUp * gUp, b255 = bUp * bUp;

        Vector<ushort> nearest = Vector.AddSaturate(g0, b0);
        Vector<ushort> remaining = new Vector<ushort>(StepCount) - r;
        Closer(Vector.AddSaturate(r255, b0), new Vector<ushort>(StepCount - 255) - g, ref nearest, ref remaining);
        Closer(Vector.AddSaturate(g255, b0), new Vector<ushort>(StepCount - 765) + r, ref nearest, ref remaining);
        Closer(Vector.AddSaturate(r0, g255), new Vector<ushort>(StepCount - 765) - b, ref nearest, ref remaining);
        Closer(Vector.AddSaturate(r0, b255), new Vector<ushort>(StepCount - 1275) + g, ref nearest, ref remaining);
        Closer(Vector.AddSaturate(g0, b255), new Vector<ushort>(StepCount - 1275) - r, ref nearest, ref remaining);
        Closer(Vector.AddSaturate(r255, b255), new Vector<ushort>(StepCount - 1530) - g, ref nearest, ref remaining);

        remaining.StoreUnsafe(ref stepsLeft);
        Vector.Widen(nearest, out Vector<uint> off0, out Vector<uint> off1);
        PaintingResidual.ConfidenceOfSquared(ToSingle(off0)).StoreUnsafe(ref confidence);
        PaintingResidual.ConfidenceOfSquared(ToSingle(off1)).StoreUnsafe(ref confidence, (nuint)Vector<float>.Count);
    }

    // Minimum and equality are one instruction each for unsigned 16-bit lanes; "less than" is not.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Closer(Vector<ushort> distance, Vector<ushort> left, ref Vector<ushort> nearest, ref Vector<ushort> remaining)
    {
        Vector<ushort> smaller = Vector.Min(nearest, distance);
        remaining = Vector.ConditionalSelect(Vector.Equals(smaller, nearest), remaining, left);
        nearest = smaller;
    }

    // The numbers are below 2^31: the signed conversion is the one that every machine has.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> ToSingle(Vector<uint> lanes) => Vector.ConvertToSingle(Vector.AsVectorInt32(lanes));

    private static void EncodeBlock(ref readonly float depth, ref byte planes)
    {
        for (nuint i = 0; i < RgbBlock.Pixels; i += (nuint)Vector<byte>.Count)
        {
            ref readonly float at = ref Unsafe.Add(ref Unsafe.AsRef(in depth), i);
            Vector<ushort> step0 = Steps(in at, 0), step1 = Steps(in at, (nuint)Vector<ushort>.Count);
            Colours(step0, out Vector<ushort> r0, out Vector<ushort> g0, out Vector<ushort> b0);
            Colours(step1, out Vector<ushort> r1, out Vector<ushort> g1, out Vector<ushort> b1);
            Vector.Narrow(r0, r1).StoreUnsafe(ref planes, i);
            Vector.Narrow(g0, g1).StoreUnsafe(ref planes, i + RgbBlock.Pixels);
            Vector.Narrow(b0, b1).StoreUnsafe(ref planes, i + (2 * RgbBlock.Pixels));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<ushort> Steps(ref readonly float depth, nuint offset)
    {
        Vector<int> left0 = Remaining(Vector.LoadUnsafe(in depth, offset));
        Vector<int> left1 = Remaining(Vector.LoadUnsafe(in depth, offset + (nuint)Vector<float>.Count));
        return new Vector<ushort>(StepCount) - Vector.Narrow(Vector.AsVectorUInt32(left0), Vector.AsVectorUInt32(left1));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<int> Remaining(Vector<float> depth)
    {
        // A comparison with NaN is false: NaN becomes 0 here.
        Vector<float> d = Vector.ConditionalSelect(Vector.GreaterThan(depth, Vector<float>.Zero), depth, Vector<float>.Zero);
        Vector<float> q = Vector<float>.One / (Vector<float>.One + (d * new Vector<float>(0.1f)));
        return Vector.ConvertToInt32((q * q * new Vector<float>(StepCount)) + new Vector<float>(0.5f));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Colours(Vector<ushort> step, out Vector<ushort> r, out Vector<ushort> g, out Vector<ushort> b)
    {
        // Each channel rises and falls along the walk: a sum of ramps that stop at 255.
        r = Ramp(step, 0) - Ramp(step, 510) + Ramp(step, 1275);
        g = Ramp(step, 255) - Ramp(step, 1020) + Ramp(step, 1530);
        b = Ramp(step, 765);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<ushort> Ramp(Vector<ushort> step, ushort start) =>
        Vector.Min(Vector.SubtractSaturate(step, new Vector<ushort>(start)), new Vector<ushort>(255));

    [InlineArray(RgbBlock.Pixels)]
    private struct StepBlock
    {
        private ushort _first;
    }
}
