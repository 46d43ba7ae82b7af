namespace VisionBanana.Edge.Cli.Evaluation;

/// <summary>What is measured beyond the pictures themselves.</summary>
internal sealed record EvalOptions
{
    /// <summary>Factors of the zoom test: above 1 a centre crop, below 1 the picture scaled down.</summary>
    public IReadOnlyList<double> Zooms { get; init; } = [];

    /// <summary>Measures how depth flickers.</summary>
    public bool Flicker { get; init; }

    /// <summary>What the painter is told.</summary>
    public GeometryUse Geometry { get; init; }

    /// <summary>What the scale is held against, from the dataset's own depth; empty = the scale is the painter's.</summary>
    public IReadOnlyList<AnchorUse> Anchors { get; init; } = [];

    /// <summary>The pictures are a clip: the scale is estimated over it.</summary>
    public bool IsSequence { get; init; }

    /// <summary>How far the painter's own scale is believed to be off.</summary>
    public double PainterStd { get; init; } = new Scale.ScaleOptions().PainterStd;

    /// <summary>A baseline: the depth of every painted pixel in metres, NaN = none; empty = not given.</summary>
    public float[] MeanDepth { get; init; } = [];
}
