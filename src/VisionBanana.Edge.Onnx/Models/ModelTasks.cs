using VisionBanana.Edge.Configuration;
using VisionBanana.Edge.Instructions;

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

    /// <summary>Reads the section <c>tasks</c>; null = none.</summary>
    internal static ModelTasks Read(YamlSection? section, int slots, LabelPalette classes)
    {
        if (section is null)
        {
            return None;
        }

        var tasks = new ModelTasks(
            DepthTask.Read(section.OptionalSection("depth")),
            LabelsTask.Read(section.OptionalSection("labels")),
            NormalsTask.Read(section.OptionalSection("normals"), slots),
            InstancesTask.Read(section.OptionalSection("instances"), slots, classes));
        section.RefuseUnknownKeys();
        int[] ids =
        [
            .. new[] { tasks.Depth?.Id, tasks.Labels?.Id, tasks.Normals?.Id }.OfType<int>(),
            .. tasks.Instances is { } instances ? instances.ClassIds.Select(instances.TaskOf) : [],
        ];
        if (ids.Length == 0 && tasks.Instances is null)
        {
            section.Problem("depth", "expected at least one of depth, labels, normals, instances");
        }
        else if (ids.Distinct().Count() != ids.Length)
        {
            section.Problem("depth", "two tasks have the same id");
        }

        return tasks;
    }
}
