using System.Numerics;
using System.Runtime.CompilerServices;

namespace VisionBanana.Edge.Codecs;

/// <summary>
/// What the distance r of a painted colour from the colours its instruction allows says about trust:
/// <c>confidence = 1 / (1 + (r / 16)²)</c>, r in 8-bit units of RGB. 1 on the line, ½ at r = 16, 0.1 at r = 48,
/// never 0: 0 is kept for "no source". Monotone: a threshold on confidence is a threshold on r.
/// </summary>
internal static class PaintingResidual
{
    /// <summary>The distance in 8-bit units at which confidence is one half.</summary>
    public const float HalfConfidenceDistance = 16;

    private const float Scale = HalfConfidenceDistance * HalfConfidenceDistance;

    /// <summary>The confidence for a squared distance in 8-bit units.</summary>
    public static float ConfidenceOfSquared(float squaredDistance) => Scale / (Scale + squaredDistance);

    /// <summary>The distance in 8-bit units at which a confidence is reached: turns a threshold on confidence into one on colours.</summary>
    public static float DistanceAt(float confidence) => HalfConfidenceDistance * MathF.Sqrt((1 / confidence) - 1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector<float> ConfidenceOfSquared(Vector<float> squaredDistance)
    {
        var scale = new Vector<float>(Scale);
        return scale / (scale + squaredDistance);
    }
}
