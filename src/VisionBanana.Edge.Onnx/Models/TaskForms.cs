using System.Collections.Immutable;
using VisionBanana.Edge.Imaging;

namespace VisionBanana.Edge.Onnx.Models;

/// <summary>The table of how models are asked: one entry for each kind of percept.</summary>
internal static class TaskForms
{
    public static ImmutableArray<TaskForm> All { get; } =
        [new DepthTaskForm(), new LabelsTaskForm(), new NormalsTaskForm(), new InstancesTaskForm(), new MaskTaskForm()];

    private static readonly TaskForm?[] ByKind = [.. Enum.GetValues<PerceptKind>().Select(kind => All.FirstOrDefault(form => form.Kind == kind))];

    /// <summary>How models are asked for a kind of percept.</summary>
    public static TaskForm Of(PerceptKind kind) =>
        ByKind[(int)kind] ?? throw new NotSupportedException($"No model can be asked for {kind}: its form is missing in TaskForms.All.");
}
