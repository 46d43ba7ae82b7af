using System.Numerics;

namespace VisionBanana.Edge.Geometry;

/// <summary>
/// Depth in metres (float32, NaN = no measurement) ⇄ 16-bit depth pictures in millimetres (0 = no measurement), the two forms of REP-118.
/// Allocation-free; vector and scalar paths agree.
/// </summary>
public static class DepthImage
{
    /// <summary>Metres to whole millimetres, rounded; NaN, ±∞, less than half a millimetre and beyond 65.535 m become 0: never a wrong number.</summary>
    /// <exception cref="ArgumentException"><paramref name="millimetres"/> is shorter than <paramref name="metres"/>.</exception>
    public static void ToMillimetres(ReadOnlySpan<float> metres, Span<ushort> millimetres)
    {
        Require(metres.Length, millimetres.Length, nameof(millimetres));
        int lanes = Vector<float>.Count, i = 0;
        for (; i <= metres.Length - (2 * lanes); i += 2 * lanes)
        {
            Vector<uint> low = Rounded(new Vector<float>(metres[i..])), high = Rounded(new Vector<float>(metres[(i + lanes)..]));
            Vector.Narrow(low, high).CopyTo(millimetres[i..]);
        }

        for (; i < metres.Length; i++)
        {
            float rounded = (metres[i] * 1000f) + 0.5f;
            millimetres[i] = rounded is >= 1f and < 65536f ? (ushort)rounded : (ushort)0;
        }
    }

    /// <summary>Millimetres to metres; 0 becomes NaN.</summary>
    /// <exception cref="ArgumentException"><paramref name="metres"/> is shorter than <paramref name="millimetres"/>.</exception>
    public static void ToMetres(ReadOnlySpan<ushort> millimetres, Span<float> metres)
    {
        Require(millimetres.Length, metres.Length, nameof(metres));
        int lanes = Vector<ushort>.Count, i = 0;
        for (; i <= millimetres.Length - lanes; i += lanes)
        {
            Vector.Widen(new Vector<ushort>(millimetres[i..]), out Vector<uint> low, out Vector<uint> high);
            Metres(low).CopyTo(metres[i..]);
            Metres(high).CopyTo(metres[(i + (lanes / 2))..]);
        }

        for (; i < millimetres.Length; i++)
        {
            metres[i] = millimetres[i] == 0 ? float.NaN : millimetres[i] / 1000f;
        }
    }

    private static Vector<uint> Rounded(Vector<float> metres)
    {
        Vector<float> rounded = (metres * 1000f) + new Vector<float>(0.5f);
        Vector<int> valid = Vector.GreaterThanOrEqual(rounded, Vector<float>.One) & Vector.LessThan(rounded, new Vector<float>(65536f));
        return Vector.AsVectorUInt32(Vector.ConvertToInt32(Vector.ConditionalSelect(valid, rounded, Vector<float>.Zero)));
    }

    private static Vector<float> Metres(Vector<uint> millimetres)
    {
        Vector<int> whole = Vector.AsVectorInt32(millimetres);
        Vector<float> metres = Vector.ConvertToSingle(whole) / new Vector<float>(1000f);
        return Vector.ConditionalSelect(Vector.Equals(whole, Vector<int>.Zero), new Vector<float>(float.NaN), metres);
    }

    private static void Require(int expected, int found, string name)
    {
        if (found < expected)
        {
            throw new ArgumentException($"Expected room for {expected} pixels, found {found}.", name);
        }
    }
}
