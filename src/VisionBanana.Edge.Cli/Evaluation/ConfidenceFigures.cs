namespace VisionBanana.Edge.Cli.Evaluation;

/// <summary>
/// What confidence is worth over a whole set: AbsRel of the pixels that the painter is surest of, beside what knowing the errors would reach.
/// </summary>
internal sealed class ConfidenceFigures
{
    /// <summary>The part of the pixels that stays.</summary>
    public const double Share = 0.9;

    private readonly Sparsification _sure = new(), _sureAligned = new(), _best = new(), _bestAligned = new();

    public double AbsRel => _sure.Mean(Share);

    public double AbsRelAligned => _sureAligned.Mean(Share);

    /// <summary>Without the pixels that are most wrong: no confidence can do better.</summary>
    public double BestAbsRel => _best.Mean(Share);

    public double BestAbsRelAligned => _bestAligned.Mean(Share);

    /// <summary>Counts one pixel.</summary>
    /// <param name="confidence">From 0 to 1.</param>
    /// <param name="absRel">|painted − true| / true.</param>
    /// <param name="absRelAligned">The same after aligning the picture.</param>
    /// <param name="weight">1 / pixels of its picture.</param>
    public void Add(double confidence, double absRel, double absRelAligned, double weight)
    {
        _sure.Add(confidence, absRel, weight);
        _sureAligned.Add(confidence, absRelAligned, weight);
        _best.Add(1 / (1 + absRel), absRel, weight);
        _bestAligned.Add(1 / (1 + absRelAligned), absRelAligned, weight);
    }
}
