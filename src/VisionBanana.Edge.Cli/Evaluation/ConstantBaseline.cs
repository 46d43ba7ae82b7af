namespace VisionBanana.Edge.Cli.Evaluation;

/// <summary>What one knows without looking: one depth for the whole set, the one with the least AbsRel; aligned, each picture's own median.</summary>
internal sealed class ConstantBaseline
{
    private const int SamplesPerPicture = 2000;

    /// <param name="truths">The measured pixels of every picture, in metres.</param>
    public ConstantBaseline(IReadOnlyList<float[]> truths)
    {
        float[] everything = [.. truths.SelectMany(t => t.Where((_, i) => i % Math.Max(1, t.Length / SamplesPerPicture) == 0))];
        Metres = Best(everything);
        DepthFigures[] figures = [.. truths.Select(t => Constant(t, Metres))];
        AbsRel = Statistics.Mean(figures.Select(f => f.AbsRel));
        Delta1 = Statistics.Mean(figures.Select(f => f.Delta1));
        AbsRelAligned = Statistics.Mean(figures.Select(f => f.AbsRelAligned));
        Delta1Aligned = Statistics.Mean(figures.Select(f => f.Delta1Aligned));
    }

    public double Metres { get; }

    public double AbsRel { get; }

    public double Delta1 { get; }

    public double AbsRelAligned { get; }

    public double Delta1Aligned { get; }

    // Σ |c − t| / t has its minimum at the median of the truths weighted with 1 / t.
    private static double Best(float[] truth)
    {
        Array.Sort(truth);
        double half = truth.Sum(t => 1.0 / t) / 2, sum = 0;
        foreach (float t in truth)
        {
            sum += 1.0 / t;
            if (sum >= half)
            {
                return t;
            }
        }

        return double.NaN;
    }

    private static DepthFigures Constant(float[] truth, double metres)
    {
        float[] constant = new float[truth.Length];
        Array.Fill(constant, (float)metres);
        return DepthFigures.Of(constant, truth);
    }
}
