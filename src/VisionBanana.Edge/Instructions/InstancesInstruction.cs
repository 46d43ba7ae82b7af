using VisionBanana.Edge.Imaging;

namespace VisionBanana.Edge.Instructions;

/// <summary>Asks for the objects of one class, each in a colour of its own.</summary>
/// <param name="ClassName">The class.</param>
/// <param name="Background">The colour of everything else.</param>
/// <exception cref="ArgumentException">The class has no name.</exception>
public sealed record InstancesInstruction(string ClassName, Rgb24 Background) : Instruction
{
    /// <summary>The class, without white space around it.</summary>
    public string ClassName { get; } = Words(ClassName, "The class of an instance instruction");

    /// <inheritdoc/>
    public override PerceptKind Kind => PerceptKind.Instances;

    /// <inheritdoc/>
    public override string Prompt =>
        $"Generate an instance segmentation visualization of this image. Each {ClassName} is colored differently. " +
        $"Background is RGB({Background.R}, {Background.G}, {Background.B}).";

    /// <inheritdoc/>
    public override bool NeedsCalibration => false;

    /// <inheritdoc/>
    public override string BackgroundName => "background";

    /// <inheritdoc/>
    public override string OtherIds => ClassName;

    /// <inheritdoc/>
    public override string Tally(int things) => $"{things} found";
}

/// <content>Instances.</content>
public abstract partial record Instruction
{
    /// <summary>Objects of one class, each in a colour the painter chooses, on a background of a given colour.</summary>
    public static Instruction Instances(string className, Rgb24 background) => new InstancesInstruction(className, background);
}

internal sealed class InstancesForm() : InstructionForm(PerceptKind.Instances, "instances:chair")
{
    public override string Title => "instances of a class";

    internal override string Hint => "instances:CLASS";

    internal override Instruction? Read(InstructionGrammar grammar) =>
        grammar.Rest("instances:", "a class") is { } name ? new InstancesInstruction(name, default) : Prompt(grammar);

    private static InstancesInstruction? Prompt(InstructionGrammar grammar)
    {
        InstructionReader reader = grammar.Reader;
        bool found = reader.Words("Generate an instance segmentation visualization of this image") && grammar.Optional('.') && reader.Words("Each");
        string name = "";
        Rgb24 background = default;
        if (found && (found = grammar.Until(" is colored differently", out name)) && grammar.Optional('.') && !reader.AtEnd)
        {
            found = reader.Words("Background is") && ColourText.TryRead(reader, out background);
        }

        return grammar.Finish(found) ? new InstancesInstruction(name, background) : null;
    }
}
