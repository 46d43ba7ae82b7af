using System.Numerics;
using System.Runtime.CompilerServices;
using VisionBanana.Edge.Imaging;

namespace VisionBanana.Edge.Codecs;

/// <summary>
/// Surface normals ⇄ RGB. The paper paints in camera space with y up and z towards the viewer, <c>R = (1 − x)/2, G = (1 + y)/2, B = (1 + z)/2</c>;
/// in the optical frame used here (x right, y down, z forward) all three become <c>(1 − n)/2</c>: a surface facing the camera has n = (0, 0, −1)
/// and is painted (128, 128, 255).
/// <para>
/// Decoded normals have unit length. Confidence comes from the distance of the painted vector from the unit sphere, in 8-bit units
/// (<see cref="PaintingResidual"/>). A colour whose vector is shorter than ½ has no direction: it decodes to NaN with confidence 0;
/// NaN and zero vectors are painted as the middle grey, which does just that.
/// </para>
/// </summary>
public static class NormalCodec
{
    /// <summary>Painted vectors shorter than this have no direction.</summary>
    public const float MinLength = 0.5f;

    /// <summary>Paints normals; they are brought to unit length first.</summary>
    /// <param name="normals">x, y, z per pixel in the optical frame; NaN = none.</param>
    /// <param name="painting">A third as many pixels.</param>
    /// <exception cref="ArgumentException">The spans do not fit together.</exception>
    public static void Encode(ReadOnlySpan<float> normals, Span<Rgb24> painting)
    {
        PlaneLengths.Require(normals.Length, painting.Length * 3, nameof(painting));
        for (int i = 0; i < painting.Length; i++)
        {
            var n = new Vector3(normals.Slice(i * 3, 3));
            float length = n.Length();
            Vector3 c = length > 0 && float.IsFinite(length) ? (Vector3.One - (n / length)) * 127.5f : new Vector3(127.5f);
            painting[i] = new Rgb24((byte)(c.X + 0.5f), (byte)(c.Y + 0.5f), (byte)(c.Z + 0.5f));
        }
    }

    /// <summary>Reads normals.</summary>
    /// <param name="painting">The painting, at the size it was painted.</param>
    /// <param name="normals">Receives x, y, z per pixel in the optical frame, unit length or NaN.</param>
    /// <param name="confidence">0–1; may be empty when not wanted.</param>
    /// <exception cref="ArgumentException">The spans do not fit together.</exception>
    [SkipLocalsInit]
    public static void Decode(ReadOnlySpan<Rgb24> painting, Span<float> normals, Span<float> confidence)
    {
        PlaneLengths.Require(painting.Length * 3, normals.Length, nameof(normals));
        PlaneLengths.RequireOrEmpty(painting.Length, confidence.Length, nameof(confidence));
        Span<Rgb24> colours = stackalloc Rgb24[RgbBlock.Pixels];
        Span<byte> planes = stackalloc byte[RgbBlock.PlaneBytes];
        Span<float> xyz = stackalloc float[RgbBlock.PlaneBytes];
        Span<float> blockConfidence = stackalloc float[RgbBlock.Pixels];
        for (int i = 0; i < painting.Length; i += RgbBlock.Pixels)
        {
            int count = Math.Min(RgbBlock.Pixels, painting.Length - i);
            scoped ReadOnlySpan<Rgb24> block = painting.Slice(i, count);
            if (count < RgbBlock.Pixels)
            {
                colours.Clear();
                block.CopyTo(colours);
                block = colours;
            }

            RgbBlock.Split(in block[0], ref planes[0]);
            PlaneLanes.ToSingle(in planes[0], RgbBlock.PlaneBytes, ref xyz[0]);
            DecodeBlock(ref xyz[0], ref blockConfidence[0]);
            Span<float> target = normals.Slice(i * 3, count * 3);
            for (int k = 0; k < count; k++)
            {
                target[(k * 3) + 2] = xyz[k + (2 * RgbBlock.Pixels)];
                target[(k * 3) + 1] = xyz[k + RgbBlock.Pixels];
                target[k * 3] = xyz[k];
            }

            if (!confidence.IsEmpty)
            {
                blockConfidence[..count].CopyTo(confidence[i..]);
            }
        }
    }

    /// <summary>The normal of one colour and how far to trust it; what the vector path is tested against.</summary>
    public static Vector3 Decode(Rgb24 colour, out float confidence)
    {
        float x = 1f - (colour.R * (2f / 255f)), y = 1f - (colour.G * (2f / 255f)), z = 1f - (colour.B * (2f / 255f));
        float length = MathF.Sqrt((x * x) + (y * y) + (z * z));
        if (length < MinLength)
        {
            confidence = 0;
            return new Vector3(float.NaN);
        }

        float off = (length - 1f) * 127.5f;
        confidence = PaintingResidual.ConfidenceOfSquared(off * off);
        return new Vector3(x / length, y / length, z / length);
    }

    private static void DecodeBlock(ref float xyz, ref float confidence)
    {
        var step = new Vector<float>(2f / 255f);
        for (int i = 0; i < RgbBlock.Pixels; i += Vector<float>.Count)
        {
            nuint at = (nuint)i;
            Vector<float> x = Vector<float>.One - (Vector.LoadUnsafe(ref xyz, at) * step);
            Vector<float> y = Vector<float>.One - (Vector.LoadUnsafe(ref xyz, at + RgbBlock.Pixels) * step);
            Vector<float> z = Vector<float>.One - (Vector.LoadUnsafe(ref xyz, at + (2 * RgbBlock.Pixels)) * step);
            Vector<float> length = Vector.SquareRoot((x * x) + (y * y) + (z * z));
            Vector<int> none = Vector.LessThan(length, new Vector<float>(MinLength));
            Vector<float> off = (length - Vector<float>.One) * new Vector<float>(127.5f);
            length = Vector.ConditionalSelect(none, new Vector<float>(float.NaN), length);
            (x / length).StoreUnsafe(ref xyz, at);
            (y / length).StoreUnsafe(ref xyz, at + RgbBlock.Pixels);
            (z / length).StoreUnsafe(ref xyz, at + (2 * RgbBlock.Pixels));
            Vector<float> trust = PaintingResidual.ConfidenceOfSquared(off * off);
            Vector.ConditionalSelect(none, Vector<float>.Zero, trust).StoreUnsafe(ref confidence, at);
        }
    }
}
