using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using VisionBanana.Edge.Imaging;

namespace VisionBanana.Edge.Codecs;

/// <summary>
/// Metric depth ⇄ RGB along the paper's walk over seven edges of the RGB cube (arXiv 2604.20329; power transform: arXiv 2502.10647).
/// Depth is metres along the optical axis. <c>u = 1 − (1 + d/10)⁻²</c>; black is 0 m, white is +∞ (too far, REP-117).
/// <para>
/// Each edge changes one channel, so the nearest point of an 8-bit colour on an edge is again an 8-bit colour: the walk has
/// exactly <see cref="StepCount"/> + 1 colours and a decoded colour is one of them, numbered from black. All arithmetic up to that number is exact.
/// </para>
/// <para>
/// A painting has no colour for "no measurement": NaN, −∞ and negative depths encode to black, which decodes to 0 m, the
/// value that 16UC1 depth images use for invalid (REP-118). Decoding gives neither NaN nor a negative number.
/// </para>
/// Every method is allocation-free; vector and scalar paths agree to the bit.
/// </summary>
public static partial class DepthCodec
{
    /// <summary>8-bit steps from black to white: seven edges of 255.</summary>
    public const int StepCount = 7 * 255;

    /// <summary>The largest finite depth an 8-bit painting can say: the step before white, about 412.5 m.</summary>
    public static readonly float MaxFiniteDepth = DepthOfStep(StepCount - 1);

    /// <summary>u ∈ [0, 1] of a depth in metres: 0 at 0 m, 1 at +∞. NaN and negative depths give 0.</summary>
    public static double DepthToU(double depthMetres)
    {
        if (!(depthMetres > 0))
        {
            return 0;
        }

        double q = 1 / (1 + (depthMetres / 10));
        return (1 - q) * (1 + q);
    }

    /// <summary>The depth in metres at u; +∞ at 1 and beyond, 0 at 0 and below.</summary>
    public static double UToDepth(double u)
    {
        if (!(u > 0))
        {
            return 0;
        }

        double root = Math.Sqrt(Math.Max(0, 1 - u));
        return 10 * Math.Min(u, 1) / (root * (1 + root));
    }

    /// <summary>How far apart in metres two neighbouring colours of an 8-bit painting are at a depth: 2.8 mm · (1 + d/10)³.</summary>
    public static double StepAt(double depthMetres)
    {
        double s = 1 + (depthMetres / 10);
        return 5.0 / StepCount * s * s * s;
    }

    /// <summary>The colour of one depth.</summary>
    public static Rgb24 Encode(float depthMetres)
    {
        float q = 1f / (1f + ((depthMetres > 0 ? depthMetres : 0f) * 0.1f));
        return ColourOfStep(StepCount - (int)((q * q * StepCount) + 0.5f));
    }

    /// <summary>The depth of one colour and how far to trust it (<see cref="PaintingResidual"/>).</summary>
    public static float Decode(Rgb24 colour, out float confidence)
    {
        int step = NearestStep(colour, out int squaredResidual);
        confidence = PaintingResidual.ConfidenceOfSquared(squaredResidual);
        return DepthOfStep(step);
    }

    /// <summary>Paints depths.</summary>
    /// <param name="depthMetres">Metres; NaN and everything ≤ 0 become black, +∞ (and finite depths beyond 587 m) white.</param>
    /// <param name="painting">As many pixels.</param>
    /// <exception cref="ArgumentException">The spans differ in length.</exception>
    [SkipLocalsInit]
    public static void Encode(ReadOnlySpan<float> depthMetres, Span<Rgb24> painting)
    {
        PlaneLengths.Require(depthMetres.Length, painting.Length, nameof(painting));
        Span<byte> planes = stackalloc byte[RgbBlock.PlaneBytes];
        ref byte plane = ref MemoryMarshal.GetReference(planes);
        int i = 0;
        for (; i <= painting.Length - RgbBlock.Pixels; i += RgbBlock.Pixels)
        {
            EncodeBlock(in depthMetres[i], ref plane);
            RgbBlock.Join(in plane, ref painting[i]);
        }

        if (i < painting.Length)
        {
            Span<float> lastDepth = stackalloc float[RgbBlock.Pixels];
            Span<Rgb24> lastColours = stackalloc Rgb24[RgbBlock.Pixels];
            lastDepth.Clear();
            depthMetres[i..].CopyTo(lastDepth);
            EncodeBlock(in lastDepth[0], ref plane);
            RgbBlock.Join(in plane, ref lastColours[0]);
            lastColours[..(painting.Length - i)].CopyTo(painting[i..]);
        }
    }

    /// <summary>Reads depths from a painting: each colour goes to the nearest point of the walk.</summary>
    /// <param name="painting">The painting, at the size it was painted: never resized by interpolation, never JPEG.</param>
    /// <param name="depth">Metres in [0, <see cref="MaxFiniteDepth"/>], or +∞ for white.</param>
    /// <param name="confidence">0–1 from the distance to the walk (<see cref="PaintingResidual"/>); may be empty when not wanted.</param>
    /// <exception cref="ArgumentException">The spans differ in length.</exception>
    [SkipLocalsInit]
    public static void Decode(ReadOnlySpan<Rgb24> painting, Span<float> depth, Span<float> confidence)
    {
        PlaneLengths.Require(painting.Length, depth.Length, nameof(depth));
        PlaneLengths.RequireOrEmpty(painting.Length, confidence.Length, nameof(confidence));
        Span<byte> planes = stackalloc byte[RgbBlock.PlaneBytes];
        Span<float> unwanted = stackalloc float[RgbBlock.Pixels];
        ref byte plane = ref MemoryMarshal.GetReference(planes);
        bool wanted = !confidence.IsEmpty;
        int i = 0;
        for (; i <= painting.Length - RgbBlock.Pixels; i += RgbBlock.Pixels)
        {
            ref float trust = ref wanted ? ref confidence[i] : ref unwanted[0];
            if (Avx512Vbmi.IsSupported)
            {
                DecodeBlock512(in painting[i], ref depth[i], ref trust);
            }
            else
            {
                RgbBlock.Split(in painting[i], ref plane);
                DecodeBlock(in plane, ref depth[i], ref trust);
            }
        }

        if (i < painting.Length)
        {
            Span<Rgb24> lastColours = stackalloc Rgb24[RgbBlock.Pixels];
            Span<float> lastDepth = stackalloc float[RgbBlock.Pixels];
            lastColours.Clear();
            painting[i..].CopyTo(lastColours);
            RgbBlock.Split(in lastColours[0], ref plane);
            DecodeBlock(in plane, ref lastDepth[0], ref unwanted[0]);
            int rest = painting.Length - i;
            lastDepth[..rest].CopyTo(depth[i..]);
            if (wanted)
            {
                unwanted[..rest].CopyTo(confidence[i..]);
            }
        }
    }
}
