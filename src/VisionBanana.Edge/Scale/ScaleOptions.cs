namespace VisionBanana.Edge.Scale;

/// <summary>How the scale of the painted depth is estimated.</summary>
public sealed record ScaleOptions
{
    /// <summary>Metric facts, any number at once; without any the scale is only steadied. Each anchor object serves one camera.</summary>
    public IReadOnlyList<ScaleAnchor> Anchors { get; init; } = [];

    /// <summary>How far the painter's own scale is off, as the standard deviation of its logarithm, when nothing else is known.</summary>
    public double PainterStd { get; init; } = 0.4;

    /// <summary>Time over which the painter's own scale is averaged in one scene without anchors.</summary>
    public double SteadyTimeS { get; init; } = 3;

    /// <summary>How fast the scale becomes uncertain without anchors: standard deviation of its logarithm after one second.</summary>
    public double DriftPerRootS { get; init; } = 0.02;

    /// <summary>Below this <see cref="ScaleEstimate.Confidence"/> no cloud is made and no obstacle distance is to be given; 0 = always.</summary>
    public double MinScaleConfidence { get; init; }

    /// <summary>The greatest factor, and one over the smallest, that anchors may ask for.</summary>
    public double MaxFactor { get; init; } = 8;

    /// <summary>
    /// Averages the depth of pixels over time where neither picture nor depth changed, for cameras and scenes that stand still. Off by default:
    /// the shape is then the painter's of this picture alone.
    /// </summary>
    public bool SmoothStatic { get; init; }

    /// <summary>What contradicts itself, one line each.</summary>
    public IEnumerable<string> Problems()
    {
        if (!(PainterStd is > 0 and <= 3))
        {
            yield return FormattableString.Invariant($"The standard deviation of the painter's scale is above 0 and at most 3, found {PainterStd}.");
        }

        if (!(SteadyTimeS is >= 0 and <= 3600))
        {
            yield return FormattableString.Invariant($"The scale is averaged over 0 to 3600 s, found {SteadyTimeS}.");
        }

        if (!(DriftPerRootS is >= 0 and <= 1))
        {
            yield return FormattableString.Invariant($"The drift of the scale is 0 to 1, found {DriftPerRootS}.");
        }

        if (!(MinScaleConfidence is >= 0 and < 1))
        {
            yield return FormattableString.Invariant($"The least confidence of the scale is 0 to below 1, found {MinScaleConfidence}.");
        }

        if (!(MaxFactor is > 1 and <= 100))
        {
            yield return FormattableString.Invariant($"The greatest factor is above 1 and at most 100, found {MaxFactor}.");
        }

        if (Anchors.OfType<FixedAnchor>().Count() > 1)
        {
            yield return "Two fixed factors contradict each other: keep one.";
        }
    }
}
