namespace VisionBanana.Edge.Onnx.Models;

/// <summary>A further input of a graph that always gets the same number: float32 or int64, [] or [1].</summary>
/// <param name="Tensor">Name of the graph input.</param>
/// <param name="Value">What it gets.</param>
public sealed record ModelConstant(string Tensor, double Value);
