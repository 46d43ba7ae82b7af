using VisionBanana.Edge.Imaging;

namespace VisionBanana.Edge.Instructions;

/// <summary>Asks for a class per pixel.</summary>
/// <param name="Palette">Class → colour; a class named <see cref="LabelPalette.BackgroundName"/> takes everything else.</param>
public sealed record SemanticInstruction(LabelPalette Palette) : Instruction
{
    /// <inheritdoc/>
    public override PerceptKind Kind => PerceptKind.Labels;

    /// <inheritdoc/>
    public override string Prompt
    {
        get
        {
            IEnumerable<string> entries = Palette.Select(e => $"\"{Quoted(e.Name)}\": <{e.Colour.R}, {e.Colour.G}, {e.Colour.B}>");
            return $"Generate a visualization image of semantic segmentation, using this color mapping: {{{string.Join(", ", entries)}}}";
        }
    }

    private static string Quoted(string name) =>
        name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);

    /// <inheritdoc/>
    public override bool NeedsCalibration => false;

    /// <inheritdoc/>
    public override IReadOnlyList<LabelColour> NamedIds => Palette;

    /// <inheritdoc/>
    public override string Tally(int things) => $"{things} classes";
}

/// <content>Labels.</content>
public abstract partial record Instruction
{
    /// <summary>A class per pixel, in the colours of the palette.</summary>
    public static Instruction Semantic(LabelPalette palette) => new SemanticInstruction(palette);
}

internal sealed class SemanticForm() : InstructionForm(PerceptKind.Labels, "labels")
{
    internal override string Hint => "labels, classes and their colours such as {\"cat\": <255, 165, 0>}";

    internal override Instruction? Read(InstructionGrammar grammar)
    {
        if (grammar.Whole(Word))
        {
            return grammar.Classes is { Count: > 0 } classes
                ? new SemanticInstruction(classes)
                : throw grammar.Reader.Error(
                    0,
                    "'labels' asks for every class of the model, and no model is known here: "
                    + "write the classes and their colours, {\"cat\": <255, 165, 0>, …}.");
        }

        return new PaletteGrammar(grammar.Reader, grammar.Classes).Read();
    }
}
