namespace VisionBanana.Edge.Cli.Evaluation;

/// <summary>How far one picture's depth is from the truth, over the pixels of the truth that got a depth.</summary>
/// <param name="AbsRel">Mean of |painted − true| / true.</param>
/// <param name="Rmse">Root of the mean squared error in metres.</param>
/// <param name="Delta1">Share of pixels with max(painted / true, true / painted) below 1.25.</param>
/// <param name="AbsRelAligned">AbsRel after multiplying the painted depth with median(true) / median(painted).</param>
/// <param name="Delta1Aligned">Delta1 after that.</param>
/// <param name="LogScale">log(median(painted) / median(true)).</param>
internal readonly record struct DepthFigures(double AbsRel, double Rmse, double Delta1, double AbsRelAligned, double Delta1Aligned, double LogScale)
{
    private const double Nearest = 0.05, Farthest = 100;

    /// <summary>The greatest ratio that counts as right.</summary>
    public const double RightRatio = 1.25;

    /// <summary>Measures pixels; both in metres, of the same length, the truth finite and above 0.</summary>
    public static DepthFigures Of(ReadOnlySpan<float> painted, ReadOnlySpan<float> truth)
    {
        double scale = Statistics.Median(truth) / Math.Clamp(Statistics.Median(painted), Nearest, Farthest);
        double absRel = 0, squared = 0, right = 0, absRelAligned = 0, rightAligned = 0;
        for (int i = 0; i < painted.Length; i++)
        {
            double p = Clamp(painted[i]), t = truth[i];
            absRel += RelativeError(p, t);
            squared += (p - t) * (p - t);
            right += IsRight(p, t) ? 1 : 0;
            absRelAligned += RelativeError(p * scale, t);
            rightAligned += IsRight(p * scale, t) ? 1 : 0;
        }

        int n = painted.Length;
        return new DepthFigures(absRel / n, Math.Sqrt(squared / n), right / n, absRelAligned / n, rightAligned / n, -Math.Log(scale));
    }

    /// <summary>Depth within the range that figures are computed in: "too far" and "too close" count as its ends.</summary>
    public static double Clamp(double metres) => Math.Clamp(metres, Nearest, Farthest);

    /// <summary>|painted − true| / true.</summary>
    public static double RelativeError(double painted, double truth) => Math.Abs(painted - truth) / truth;

    /// <summary>True when the two differ by less than a quarter.</summary>
    public static bool IsRight(double painted, double truth) => Math.Max(painted / truth, truth / painted) < RightRatio;
}
