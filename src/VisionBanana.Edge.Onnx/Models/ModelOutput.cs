namespace VisionBanana.Edge.Onnx.Models;

/// <summary>The answer of the graph.</summary>
/// <param name="Kind">How it is to be read.</param>
/// <param name="Tensor">Name of the graph output.</param>
/// <param name="Confidence">Name of an output in 0–1 that says how far to trust each pixel, or null.</param>
/// <param name="Scale">Metric depth and point map: metres per unit. Inverse depth: factor before the reciprocal.</param>
/// <param name="Shift">Inverse depth: added before the reciprocal.</param>
public sealed record ModelOutput(OutputKind Kind, string Tensor, string? Confidence, double Scale, double Shift)
{
    /// <summary>Metric depth: name of an output [1,h,w] or [1,1,h,w]; where it is above <see cref="SkyAbove"/> there is sky (+∞). Null = none.</summary>
    public string? Sky { get; init; }

    /// <summary>What counts as sky.</summary>
    public double SkyAbove { get; init; } = 0.5;

    /// <summary>Instance masks: name of the output with the prototypes.</summary>
    public string? Prototypes { get; init; }

    /// <summary>Instance masks: detections with a lower score are none.</summary>
    public double MinScore { get; init; } = 0.25;

    /// <summary>
    /// Instance masks as the head leaves them: of two objects of a class whose boxes overlap by more than this share of their union, the better one stays.
    /// </summary>
    public double MaxOverlap { get; init; } = 0.7;

    /// <summary>Point map: name of an output with one number that multiplies the points of this picture, or null.</summary>
    public string? ScaleTensor { get; init; }

    /// <summary>
    /// Point map: z is known up to a shift, which is found so that points lie on the rays of the camera; pixels with a confidence of one half or
    /// less have no depth.
    /// </summary>
    public bool RecoversShift { get; init; }
}
