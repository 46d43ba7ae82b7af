using System.Numerics;
using System.Runtime.CompilerServices;

namespace VisionBanana.Edge.OpenCv.Pictures;

/// <summary>
/// The filters of PNG that read a row at a time: difference to the pixel on the left, to the one above, and to the mean of both.
/// Taken is the one that leaves the smallest numbers, as the specification recommends. Vectors of any width give the same bytes.
/// </summary>
internal static class PngFilter
{
    private const byte Sub = 1, Up = 2, Average = 3;

    /// <summary>Writes the filter's number and the filtered row.</summary>
    /// <param name="row">The row's bytes.</param>
    /// <param name="above">The row above; zeros for the first one.</param>
    /// <param name="pixelBytes">Bytes per pixel.</param>
    /// <param name="target">One byte more than the row.</param>
    public static void Apply(ReadOnlySpan<byte> row, ReadOnlySpan<byte> above, int pixelBytes, Span<byte> target)
    {
        byte filter = Choose(row, above, pixelBytes);
        target[0] = filter;
        target = target[1..];
        int i = 0;
        for (; i < pixelBytes; i++)
        {
            target[i] = Filtered(filter, row[i], 0, above[i]);
        }

        for (; i <= row.Length - Vector<byte>.Count; i += Vector<byte>.Count)
        {
            Vector<byte> here = new(row[i..]), left = new(row[(i - pixelBytes)..]), up = new(above[i..]);
            (here - (filter == Sub ? left : filter == Up ? up : Mean(left, up))).CopyTo(target[i..]);
        }

        for (; i < row.Length; i++)
        {
            target[i] = Filtered(filter, row[i], row[i - pixelBytes], above[i]);
        }
    }

    private static byte Choose(ReadOnlySpan<byte> row, ReadOnlySpan<byte> above, int pixelBytes)
    {
        Vector<uint> subs = default, ups = default, averages = default;
        int i = pixelBytes;
        for (; i <= row.Length - Vector<byte>.Count; i += Vector<byte>.Count)
        {
            Vector<byte> here = new(row[i..]), left = new(row[(i - pixelBytes)..]), up = new(above[i..]);
            subs += Sizes(here - left);
            ups += Sizes(here - up);
            averages += Sizes(here - Mean(left, up));
        }

        (uint sub, uint upper, uint average) = (Vector.Sum(subs), Vector.Sum(ups), Vector.Sum(averages));
        for (; i < row.Length; i++)
        {
            sub += Size(Filtered(Sub, row[i], row[i - pixelBytes], above[i]));
            upper += Size(Filtered(Up, row[i], row[i - pixelBytes], above[i]));
            average += Size(Filtered(Average, row[i], row[i - pixelBytes], above[i]));
        }

        return upper <= sub ? (average < upper ? Average : Up) : average < sub ? Average : Sub;
    }

    private static byte Filtered(byte filter, byte here, byte left, byte up) =>
        (byte)(here - (filter == Sub ? left : filter == Up ? up : (left + up) / 2));

    /// <summary>Rounded down, without a ninth bit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<byte> Mean(Vector<byte> a, Vector<byte> b) => (a & b) + Vector.ShiftRightLogical(a ^ b, 1);

    /// <summary>The sum of the sizes of differences, which are signed modulo 256.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<uint> Sizes(Vector<byte> differences)
    {
        Vector.Widen(Vector.Min(differences, Vector<byte>.Zero - differences), out Vector<ushort> low, out Vector<ushort> high);
        Vector.Widen(low + high, out Vector<uint> first, out Vector<uint> second);
        return first + second;
    }

    private static uint Size(byte difference) => (uint)Math.Min(difference, 256 - difference);
}
