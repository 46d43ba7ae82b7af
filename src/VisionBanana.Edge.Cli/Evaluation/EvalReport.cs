using System.Text.Json.Serialization;

namespace VisionBanana.Edge.Cli.Evaluation;

/// <summary>What <c>eval</c> measured on one dataset. NaN (null in JSON) = not measured: the painter or the dataset has no such thing.</summary>
internal sealed record EvalReport
{
    /// <summary>The dataset's folder name.</summary>
    public required string Dataset { get; init; }

    /// <summary>The folder.</summary>
    public required string Path { get; init; }

    /// <summary>Name and version of the model.</summary>
    public required string Model { get; init; }

    /// <summary>Pictures that were measured.</summary>
    public required int Pictures { get; init; }

    /// <summary>Pictures with too little measured depth.</summary>
    public required int Skipped { get; init; }

    /// <summary>What the painter was told.</summary>
    public required GeometryUse Geometry { get; init; }

    /// <summary>What the scale was held against; empty = nothing.</summary>
    public IReadOnlyList<string> Anchors { get; init; } = [];

    /// <summary>In how many pictures an anchor counted; null = there was none.</summary>
    public int? Anchored { get; init; }

    /// <summary>Share of the measured pixels that got a depth.</summary>
    public double Coverage { get; init; } = double.NaN;

    public double Delta1 { get; init; } = double.NaN;

    public double AbsRel { get; init; } = double.NaN;

    public double Rmse { get; init; } = double.NaN;

    public double Delta1Aligned { get; init; } = double.NaN;

    public double AbsRelAligned { get; init; } = double.NaN;

    /// <summary>The best constant of the set, in metres.</summary>
    public double ConstantM { get; init; } = double.NaN;

    public double Delta1Baseline { get; init; } = double.NaN;

    public double AbsRelBaseline { get; init; } = double.NaN;

    public double Delta1AlignedBaseline { get; init; } = double.NaN;

    public double AbsRelAlignedBaseline { get; init; } = double.NaN;

    public double Delta1MeanDepth { get; init; } = double.NaN;

    public double AbsRelMeanDepth { get; init; } = double.NaN;

    public double Delta1AlignedMeanDepth { get; init; } = double.NaN;

    public double AbsRelAlignedMeanDepth { get; init; } = double.NaN;

    /// <summary>Mean over pictures of log(median painted / median true).</summary>
    public double LogScale { get; init; } = double.NaN;

    /// <summary>Its standard deviation.</summary>
    public double LogScaleSpread { get; init; } = double.NaN;

    /// <summary>Why the set's depth scale is doubtful; null = it is not.</summary>
    public string? DepthScaleDoubt { get; init; }

    /// <summary>Without the 10 % of the set's pixels that the painter is least sure of, every picture weighing the same.</summary>
    [JsonPropertyName("abs_rel_confident_90")]
    public double AbsRelConfident90 { get; init; } = double.NaN;

    [JsonPropertyName("abs_rel_aligned_confident_90")]
    public double AbsRelAlignedConfident90 { get; init; } = double.NaN;

    /// <summary>Without the 10 % that are most wrong: what the best confidence would reach.</summary>
    [JsonPropertyName("abs_rel_best_90")]
    public double AbsRelBest90 { get; init; } = double.NaN;

    [JsonPropertyName("abs_rel_aligned_best_90")]
    public double AbsRelAlignedBest90 { get; init; } = double.NaN;

    /// <summary>How well low confidence finds pixels that are off by a quarter.</summary>
    public double ConfidenceAuc { get; init; } = double.NaN;

    /// <summary>The same after alignment: errors of shape alone.</summary>
    public double ConfidenceAucAligned { get; init; } = double.NaN;

    /// <summary>Delta1 within 3 pixels of an edge of the true depth.</summary>
    public double Delta1Edges { get; init; } = double.NaN;

    public double Delta1EdgesAligned { get; init; } = double.NaN;

    public double NormalMeanDeg { get; init; } = double.NaN;

    public double NormalMedianDeg { get; init; } = double.NaN;

    /// <summary>Share of normals within 22.5°.</summary>
    [JsonPropertyName("normal_within_22")]
    public double NormalWithin22 { get; init; } = double.NaN;

    public double Miou { get; init; } = double.NaN;

    /// <summary>IoU by class; empty without class labels.</summary>
    public IReadOnlyDictionary<string, double> Iou { get; init; } = new Dictionary<string, double>();

    /// <summary>Labelled objects against the rest.</summary>
    public double ObjectIou { get; init; } = double.NaN;

    public double InstanceAp { get; init; } = double.NaN;

    [JsonPropertyName("instance_ap_50")]
    public double InstanceAp50 { get; init; } = double.NaN;

    /// <summary>The zoom test by factor.</summary>
    public IReadOnlyList<ZoomFigures> Zoom { get; init; } = [];

    /// <summary>How steady the scale of the clip is, or null.</summary>
    public SequenceFigures? Sequence { get; init; }

    /// <summary>How depth flickers, or null.</summary>
    public FlickerFigures? Flicker { get; init; }
}
