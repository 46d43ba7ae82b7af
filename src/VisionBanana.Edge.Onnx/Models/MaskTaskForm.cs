using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Instructions;

namespace VisionBanana.Edge.Onnx.Models;

/// <summary>What a phrase refers to: the labels task with one class in the colour that is asked.</summary>
internal sealed class MaskTaskForm() : TaskForm(PerceptKind.Mask)
{
    public override bool IsIn(ModelTasks tasks) => tasks.Labels is not null;

    /// <summary>It is a class of the labels.</summary>
    public override AnswerMeasure? Measure => null;

    public override Instruction Sample(ModelManifest manifest) => Instruction.Refer(manifest.Classes[^1].Name, new Rgb24(255, 255, 255));

    public override string? WhyNot(KnownClasses classes, Instruction instruction, bool answersKind)
    {
        string phrase = ((ReferringInstruction)instruction).Phrase;
        return base.WhyNot(classes, instruction, answersKind) is { } reason ? reason
            : classes.TryFindPhrase(phrase, out _) ? null
            : $"{classes.Model} understands the names of its classes only, and '{phrase}' is none of them; it knows: {classes.Names}";
    }

    public override PreparedInstruction Prepare(ModelManifest manifest, KnownClasses classes, Instruction instruction)
    {
        var referring = (ReferringInstruction)instruction;
        return new PreparedInstruction(
            manifest.Tasks.Labels!.Id,
            PaletteColours.OfClasses(manifest.Painter!.Slots, default, [(classes.Require(referring.Phrase).Id, referring.Colour)]));
    }
}
