namespace VisionBanana.Edge.Scale;

/// <summary>What is known of the scale of one picture.</summary>
/// <param name="Factor">What the painted depth was multiplied with; 1 = as painted.</param>
/// <param name="LogStd">The standard deviation of its logarithm: .1 stands for 10 %. NaN = the scale is not estimated.</param>
/// <param name="Anchors">The anchors that were used for this picture, by name; empty = none, the pictures before alone.</param>
/// <param name="IsSceneNew">True for the first picture, and after a cut.</param>
/// <param name="IsTrusted">False when the confidence is below what was asked: no cloud is made, and distances are not to be given.</param>
public readonly record struct ScaleEstimate(double Factor, double LogStd, IReadOnlyList<string> Anchors, bool IsSceneNew = false, bool IsTrusted = true)
{
    /// <summary>The scale is the painter's own and nobody judges it.</summary>
    public static ScaleEstimate AsPainted { get; } = new(1, double.NaN, []);

    /// <summary>True when the scale is estimated.</summary>
    public bool IsEstimated => !double.IsNaN(LogStd);

    /// <summary>exp(−3 · <see cref="LogStd"/>): .74 stands for 10 %, as painters give it for pixels; 1 when the scale is not estimated.</summary>
    public double Confidence => IsEstimated ? Math.Exp(-3 * LogStd) : 1;
}
