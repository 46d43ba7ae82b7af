namespace VisionBanana.Edge.Onnx.Models;

/// <summary>An instruction in the form the graph takes.</summary>
/// <param name="Task">Value of the task input.</param>
/// <param name="Palette">Slots × 3, RGB in 0–1.</param>
internal sealed record PreparedInstruction(long Task, float[] Palette);
