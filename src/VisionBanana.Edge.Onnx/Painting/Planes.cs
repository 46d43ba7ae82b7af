using System.Numerics;

namespace VisionBanana.Edge.Onnx.Painting;

/// <summary>Loops over planes of floats.</summary>
internal static class Planes
{
    /// <summary>Copies values and clamps them to 0–1; NaN becomes 0.</summary>
    public static void CopyUnit(ReadOnlySpan<float> source, Span<float> target)
    {
        int done = 0;
        for (; done + Vector<float>.Count <= source.Length; done += Vector<float>.Count)
        {
            var value = new Vector<float>(source[done..]);
            value = Vector.ConditionalSelect(Vector.GreaterThan(value, Vector<float>.Zero), value, Vector<float>.Zero);
            Vector.Min(value, Vector<float>.One).CopyTo(target[done..]);
        }

        for (; done < source.Length; done++)
        {
            target[done] = source[done] > 0 ? MathF.Min(source[done], 1) : 0;
        }
    }

    /// <summary>In place: metres = value · factor; zero or less is no measurement (NaN).</summary>
    public static void ToDepth(Span<float> plane, float factor)
    {
        int done = 0;
        for (; done + Vector<float>.Count <= plane.Length; done += Vector<float>.Count)
        {
            Vector<float> metres = new Vector<float>(plane[done..]) * factor;
            Vector.ConditionalSelect(Vector.GreaterThan(metres, Vector<float>.Zero), metres, new Vector<float>(float.NaN)).CopyTo(plane[done..]);
        }

        for (; done < plane.Length; done++)
        {
            float metres = plane[done] * factor;
            plane[done] = metres > 0 ? metres : float.NaN;
        }
    }

    /// <summary>In place: +∞ where a plane is above a limit.</summary>
    public static void SetTooFar(Span<float> depth, ReadOnlySpan<float> sky, float limit)
    {
        for (int i = 0; i < depth.Length; i++)
        {
            depth[i] = sky[i] > limit ? float.PositiveInfinity : depth[i];
        }
    }

    /// <summary>In place: metres = factor / (scale · value + shift); a denominator of zero or less is too far (+∞), NaN stays NaN.</summary>
    public static void ToDepthFromInverse(Span<float> plane, float scale, float shift, float factor)
    {
        for (int i = 0; i < plane.Length; i++)
        {
            float inverse = (scale * plane[i]) + shift;
            plane[i] = inverse <= 0 ? float.PositiveInfinity : factor / inverse;
        }
    }
}
