using System.Runtime.InteropServices;

namespace VisionBanana.Edge.Imaging;

/// <summary>A colour of three bytes in the order red, green, blue; spans of it alias interleaved RGB pictures.</summary>
/// <param name="R">Red, 0–255.</param>
/// <param name="G">Green, 0–255.</param>
/// <param name="B">Blue, 0–255.</param>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public readonly record struct Rgb24(byte R, byte G, byte B)
{
    /// <summary><c>#RRGGBB</c>.</summary>
    public override string ToString() => $"#{R:X2}{G:X2}{B:X2}";

    /// <summary>The squared Euclidean distance of two colours in 8-bit units.</summary>
    public static int SquaredDistance(Rgb24 a, Rgb24 b)
    {
        int dr = a.R - b.R, dg = a.G - b.G, db = a.B - b.B;
        return (dr * dr) + (dg * dg) + (db * db);
    }
}
