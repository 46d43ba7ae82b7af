namespace VisionBanana.Edge.Cli.Evaluation;

/// <summary>Small sums.</summary>
internal static class Statistics
{
    /// <summary>The median; the mean of the two in the middle for an even count, NaN for none.</summary>
    public static double Median(ReadOnlySpan<float> values)
    {
        float[] sorted = values.ToArray();
        Array.Sort(sorted);
        return sorted.Length == 0 ? double.NaN : (sorted[(sorted.Length - 1) / 2] + (double)sorted[sorted.Length / 2]) / 2;
    }

    /// <summary>The value that a fraction of all values lie below; between two of them in proportion. NaN for none.</summary>
    public static double Quantile(ReadOnlySpan<float> values, double fraction)
    {
        float[] sorted = values.ToArray();
        Array.Sort(sorted);
        if (sorted.Length == 0)
        {
            return double.NaN;
        }

        double at = fraction * (sorted.Length - 1);
        int low = (int)at;
        return low + 1 < sorted.Length ? sorted[low] + ((at - low) * ((double)sorted[low + 1] - sorted[low])) : sorted[low];
    }

    /// <summary>The mean of what is a number; NaN for none.</summary>
    public static double Mean(IEnumerable<double> values) => values.Where(double.IsFinite).DefaultIfEmpty(double.NaN).Average();

    /// <summary>The standard deviation of a population; NaN for none.</summary>
    public static double Deviation(IReadOnlyCollection<double> values)
    {
        double mean = Mean(values);
        return Math.Sqrt(Mean(values.Select(v => (v - mean) * (v - mean))));
    }
}
