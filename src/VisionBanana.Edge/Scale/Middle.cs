namespace VisionBanana.Edge.Scale;

/// <summary>Median and spread of numbers, in place.</summary>
internal static class Middle
{
    /// <summary>The median; sorts the values. NaN for none.</summary>
    public static float Of(Span<float> values)
    {
        values.Sort();
        return values.IsEmpty ? float.NaN : values[values.Length / 2];
    }

    /// <summary>The value that a share of all lie below; the values are sorted.</summary>
    public static float Quantile(ReadOnlySpan<float> sorted, double share) => sorted[(int)(share * (sorted.Length - 1))];

    /// <summary>A standard deviation from the middle half of sorted values: a few that lie far off do not count.</summary>
    public static double Spread(ReadOnlySpan<float> sorted) =>
        sorted.Length < 4 ? 0 : (Quantile(sorted, 0.75) - Quantile(sorted, 0.25)) / 1.349;
}
