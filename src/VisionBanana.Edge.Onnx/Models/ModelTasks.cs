namespace VisionBanana.Edge.Onnx.Models;

/// <summary>The tasks a painter was trained for; null = it cannot.</summary>
/// <param name="Depth">Metric depth.</param>
/// <param name="Labels">Classes.</param>
/// <param name="Normals">Surface normals.</param>
/// <param name="Instances">Objects of one class.</param>
public sealed record ModelTasks(DepthTask? Depth, LabelsTask? Labels, NormalsTask? Normals, InstancesTask? Instances)
{
    /// <summary>No tasks: a model of plain tensors.</summary>
    public static ModelTasks None { get; } = new(null, null, null, null);
}
