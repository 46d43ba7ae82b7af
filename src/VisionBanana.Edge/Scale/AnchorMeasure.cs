namespace VisionBanana.Edge.Scale;

/// <summary>What an anchor says about one picture.</summary>
/// <param name="LogFactor">The natural logarithm of what the painted depth is to be multiplied with.</param>
/// <param name="ReadingStd">The standard deviation of it that is new with every reading.</param>
/// <param name="ShapeStd">The standard deviation of it that stays the same while the scene does: a surface that is painted a little off.</param>
/// <param name="Refusal">Why it says nothing; the numbers are of no meaning then.</param>
public readonly record struct AnchorMeasure(double LogFactor, double ReadingStd, double ShapeStd, AnchorRefusal Refusal = AnchorRefusal.None)
{
    /// <summary>Nothing, for a reason.</summary>
    public static AnchorMeasure Refused(AnchorRefusal refusal) => new(0, 0, 0, refusal);

    /// <summary>The variance when it stands alone.</summary>
    internal double Variance => (ReadingStd * ReadingStd) + (ShapeStd * ShapeStd);
}
