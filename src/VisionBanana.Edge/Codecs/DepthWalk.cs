using System.Collections.Immutable;
using System.Globalization;
using VisionBanana.Edge.Imaging;

namespace VisionBanana.Edge.Codecs;

/// <summary>
/// A walk of colours along which somebody else's painter paints depth: corners at equal steps of u, and the power transform
/// u = 1 − (1 − d / (λ c))^(λ + 1) of arXiv 2502.10647 with λ below −1. The paper's is λ = −3, c = 10 / 3 over seven edges of the RGB cube
/// (<see cref="Paper"/>); a smaller c gives near things more of the colours.
/// </summary>
public sealed class DepthWalk
{
    private readonly ColourMapCodec _codec;

    /// <summary>Prepares a walk.</summary>
    /// <param name="corners">The colours at u = 0, 1/(n−1), … 1.</param>
    /// <param name="lambda">λ, below −1.</param>
    /// <param name="c">c in metres, above 0.</param>
    /// <exception cref="ConfigurationException">These numbers give no walk.</exception>
    public DepthWalk(ImmutableArray<Rgb24> corners, double lambda = -3, double c = 10.0 / 3)
    {
        if (!(lambda is < -1 and >= -100))
        {
            throw new ConfigurationException(string.Create(CultureInfo.InvariantCulture, $"λ of a walk of depths lies from -100 to below -1, found {lambda}."));
        }

        if (!(c is > 0 and <= 1e6))
        {
            throw new ConfigurationException(string.Create(CultureInfo.InvariantCulture, $"c of a walk of depths is above 0 m, found {c}."));
        }

        var map = ColourMap.Of("walk", corners);
        for (int i = 1; i < corners.Length; i++)
        {
            if (corners[i] == corners[i - 1])
            {
                throw new ConfigurationException($"A walk moves from corner to corner; {i} and {i + 1} are the same colour.");
            }
        }

        (Corners, Lambda, C) = (corners, lambda, c);
        _codec = new ColourMapCodec(map);
    }

    /// <summary>The walk that every instruction of this SDK asks for.</summary>
    public static DepthWalk Paper { get; } = new(ColourMap.Rainbow.Corners);

    /// <summary>The colours at u = 0, 1/(n−1), … 1.</summary>
    public ImmutableArray<Rgb24> Corners { get; }

    /// <summary>λ.</summary>
    public double Lambda { get; }

    /// <summary>c in metres.</summary>
    public double C { get; }

    /// <summary>True when the numbers are the paper's.</summary>
    public bool IsPaper => Lambda == -3 && Math.Abs(C - (10.0 / 3)) < 1e-3 && Corners.SequenceEqual(ColourMap.Rainbow.Corners);

    /// <summary>u of a depth in metres, 0 to 1.</summary>
    public double DepthToU(double depthMetres) => depthMetres > 0 ? 1 - Math.Pow(1 - (depthMetres / (Lambda * C)), Lambda + 1) : 0;

    /// <summary>The depth in metres at u; +∞ at 1 and beyond, 0 at 0 and below.</summary>
    public double UToDepth(double u) => !(u > 0) ? 0 : u >= 1 ? double.PositiveInfinity : Lambda * C * (1 - Math.Pow(1 - u, 1 / (Lambda + 1)));

    /// <summary>Reads depths from a painting along this walk.</summary>
    /// <param name="painting">The painting, at the size it was painted.</param>
    /// <param name="depth">Metres; +∞ at the last corner.</param>
    /// <param name="confidence">0–1 from the distance to the walk.</param>
    /// <exception cref="ArgumentException">The spans differ in length.</exception>
    public void Decode(ReadOnlySpan<Rgb24> painting, Span<float> depth, Span<float> confidence)
    {
        _codec.Decode(painting, depth, confidence);
        if (IsPaper)
        {
            return;
        }

        for (int i = 0; i < depth.Length; i++)
        {
            depth[i] = (float)UToDepth(float.IsPositiveInfinity(depth[i]) ? 1 : DepthCodec.DepthToU(depth[i]));
        }
    }
}
