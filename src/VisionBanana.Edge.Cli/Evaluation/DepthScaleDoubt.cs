using VisionBanana.Edge.OpenCv.Pictures;

namespace VisionBanana.Edge.Cli.Evaluation;

/// <summary>Names a depth scale that is off by one of the usual factors: 5 (5000 units per metre, not 1000) and 1000 (metres, not millimetres).</summary>
internal static class DepthScaleDoubt
{
    private const int PicturesLookedAt = 10;

    /// <summary>The factors, and how far from one the ratio of painted and true metres may be to be taken for it.</summary>
    private static readonly (double Factor, double Within)[] Usual = [(5, 1.5), (1000, 3)];

    /// <summary>What is doubtful about a set whose metres all are off alike; null = nothing.</summary>
    /// <param name="logScale">Mean of log(median painted / median true).</param>
    /// <param name="settings">What the set says of its files.</param>
    public static string? Of(double logScale, DatasetSettings settings)
    {
        foreach ((double factor, double within) in Usual)
        {
            if (Math.Abs(Math.Abs(logScale) - Math.Log(factor)) < Math.Log(within))
            {
                double scale = logScale > 0 ? settings.DepthScale * factor : settings.DepthScale / factor;
                return FormattableString.Invariant(
                    $"painted metres are {Math.Exp(logScale):0.###} times the true ones: is depth_scale off by {factor}? It is ")
                    + FormattableString.Invariant($"{settings.DepthScale} m per unit; {scale:0.#######} would fit.");
            }
        }

        return null;
    }

    /// <summary>What is doubtful about a set of which nothing lies between its limits; null = nothing that is known.</summary>
    public static string? OfNothing(Dataset dataset)
    {
        DatasetSettings settings = dataset.Settings;
        ushort[] stored = [.. dataset.Pictures.Take(PicturesLookedAt).SelectMany(p => PictureFile.ReadGrey(p.Depth, out _, out _)).Where(v => v > 0).Order()];
        if (stored.Length == 0)
        {
            return "its depth pictures hold nothing but 0.";
        }

        double median = stored[stored.Length / 2] * settings.DepthScale;
        foreach (double factor in Usual.SelectMany(u => (double[])[u.Factor, 1 / u.Factor]))
        {
            if (median * factor > settings.MinDepthM && median * factor < settings.MaxDepthM)
            {
                return FormattableString.Invariant($"the median of its depth is {median:0.#####} m: is depth_scale off by {Math.Max(factor, 1 / factor):0}? ")
                    + FormattableString.Invariant($"It is {settings.DepthScale} m per unit; ")
                    + FormattableString.Invariant($"{settings.DepthScale * factor:0.#######} would give {median * factor:0.##} m.");
            }
        }

        return null;
    }
}
