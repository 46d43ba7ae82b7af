namespace VisionBanana.Edge.Onnx.Models;

/// <summary>The answer of the graph.</summary>
/// <param name="Kind">How it is to be read.</param>
/// <param name="Tensor">Name of the graph output.</param>
/// <param name="Confidence">Name of an output in 0–1 that says how far to trust each pixel, or null.</param>
/// <param name="Scale">Metric depth: metres per unit. Inverse depth: factor before the reciprocal.</param>
/// <param name="Shift">Inverse depth: added before the reciprocal.</param>
public sealed record ModelOutput(OutputKind Kind, string Tensor, string? Confidence, double Scale, double Shift);
