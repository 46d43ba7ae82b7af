namespace VisionBanana.Edge.Onnx.Models;

/// <summary>Classes: palette row k is the colour asked for the class with id k.</summary>
/// <param name="Id">Value of the task input.</param>
public sealed record LabelsTask(int Id);
