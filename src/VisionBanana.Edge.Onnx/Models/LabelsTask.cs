using VisionBanana.Edge.Configuration;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Instructions;

namespace VisionBanana.Edge.Onnx.Models;

/// <summary>Classes: palette row k is the colour asked for the class with id k.</summary>
/// <param name="Id">Value of the task input.</param>
public sealed record LabelsTask(int Id)
{
    /// <summary>Reads the section <c>tasks.labels</c>.</summary>
    internal static LabelsTask? Read(YamlSection? section)
    {
        if (section is null)
        {
            return null;
        }

        int id = section.RequireInt("id", 0);
        section.RefuseUnknownKeys();
        return new LabelsTask(id);
    }
}

/// <summary>Labels: the palette has the colours that are asked for the classes.</summary>
internal sealed class LabelsTaskForm() : TaskForm(PerceptKind.Labels)
{
    public override bool IsIn(ModelTasks tasks) => tasks.Labels is not null;

    public override AnswerMeasure? Measure => AnswerMeasure.Labels;

    public override Instruction Sample(ModelManifest manifest) => Instruction.Semantic(manifest.Classes);

    public override IEnumerable<Instruction> Samples(ModelManifest manifest) => manifest.Classes.Count > 0 ? [Sample(manifest)] : [];

    public override string? WhyNot(KnownClasses classes, Instruction instruction, bool answersKind) =>
        base.WhyNot(classes, instruction, answersKind) ?? WhyNot(classes, ((SemanticInstruction)instruction).Palette);

    public override PreparedInstruction Prepare(ModelManifest manifest, KnownClasses classes, Instruction instruction)
    {
        LabelPalette palette = ((SemanticInstruction)instruction).Palette;
        return new PreparedInstruction(
            manifest.Tasks.Labels!.Id,
            PaletteColours.OfClasses(
                manifest.Painter!.Slots, palette.RemainderColour, classes.Asked(palette).Select(a => (a.ClassId, a.Asked.Colour))));
    }

    private static string? WhyNot(KnownClasses classes, LabelPalette palette)
    {
        string[] unknown = [.. palette.Where((e, i) => i != palette.Background && !classes.Has(e.Name)).Select(e => $"'{e.Name}'")];
        return unknown.Length > 0 ? $"{classes.Model} has no class named {string.Join(", ", unknown)}; it knows: {classes.Names}"
            : palette.Count == 0 ? $"the instruction names no class; {classes.Model} knows: {classes.Names}"
            : null;
    }
}
