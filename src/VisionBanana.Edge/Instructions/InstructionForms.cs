using System.Collections.Immutable;
using VisionBanana.Edge.Imaging;

namespace VisionBanana.Edge.Instructions;

/// <summary>The table of what can be asked.</summary>
public static class InstructionForms
{
    /// <summary>Every form, in the order in which a text is tried; names of classes and their colours may be any words and come last.</summary>
    public static ImmutableArray<InstructionForm> All { get; } =
        [new DepthForm(), new NormalsForm(), new InstancesForm(), new ReferringForm(), new SemanticForm()];

    private static readonly InstructionForm?[] ByKind = [.. Enum.GetValues<PerceptKind>().Select(kind => All.FirstOrDefault(form => form.Kind == kind))];

    /// <summary>The form that asks for a kind of percept.</summary>
    public static InstructionForm Of(PerceptKind kind) =>
        ByKind[(int)kind] ?? throw new NotSupportedException($"Nothing asks for {kind}: its form is missing in InstructionForms.All.");
}
