namespace VisionBanana.Edge.Onnx.Models;

/// <summary>The further inputs of a graph that paints, by name.</summary>
/// <param name="Palette">float32 [T,Slots,3], RGB in 0–1: the colour of every slot, per instruction.</param>
/// <param name="Task">int64 [T]: which task each instruction is.</param>
/// <param name="FocalRatio">float32 [1]: f / f_c, 1 when the model does not use the focal length.</param>
/// <param name="Geometry">float32 [1,5,H,W], zeros = nothing known; null when the graph has no such input.</param>
/// <param name="Slots">Colours per palette.</param>
public sealed record PainterTensors(string Palette, string Task, string FocalRatio, string? Geometry, int Slots);
