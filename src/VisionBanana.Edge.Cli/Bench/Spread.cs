using VisionBanana.Edge.Diagnostics;

namespace VisionBanana.Edge.Cli.Bench;

/// <summary>How long something takes, in milliseconds.</summary>
/// <param name="Median">The middle of all runs.</param>
/// <param name="P10">A tenth of the runs is faster.</param>
/// <param name="P90">A tenth of the runs is slower.</param>
/// <param name="Min">The fastest.</param>
/// <param name="Runs">How many.</param>
internal sealed record Spread(double Median, double P10, double P90, double Min, int Runs)
{
    /// <summary>Of a histogram, whose buckets are 4.4 % wide.</summary>
    public static Spread Of(LatencyHistogram histogram) =>
        new(histogram.PercentileMs(0.5), histogram.PercentileMs(0.1), histogram.PercentileMs(0.9), histogram.PercentileMs(0), (int)histogram.Count);

    /// <summary>Of durations in nanoseconds; NaN when there are none.</summary>
    public static Spread Of(IEnumerable<long> nanoseconds)
    {
        long[] sorted = [.. nanoseconds.Order()];
        return sorted.Length == 0
            ? new Spread(double.NaN, double.NaN, double.NaN, double.NaN, 0)
            : new Spread(At(0.5), At(0.1), At(0.9), At(0), sorted.Length);

        double At(double share) => sorted[(int)Math.Min(share * sorted.Length, sorted.Length - 1)] / 1e6;
    }
}
