using VisionBanana.Edge.Imaging;

namespace VisionBanana.Edge.Instructions;

/// <summary>Asks for the area that a phrase describes, on black.</summary>
/// <param name="Phrase">What is looked for, e.g. <c>man in pink t shirt</c>.</param>
/// <param name="Colour">The colour to render it in.</param>
/// <exception cref="ArgumentException">The phrase is empty, or the colour is black, which is the background.</exception>
public sealed record ReferringInstruction(string Phrase, Rgb24 Colour) : Instruction
{
    /// <summary>What is looked for, without white space around it.</summary>
    public string Phrase { get; } = Words(Phrase, "The phrase of a referring instruction");

    /// <summary>The colour to render it in.</summary>
    public Rgb24 Colour { get; } = Colour != default
        ? Colour
        : throw new ArgumentException("Expected a colour other than black, which is the background of a referring painting.", nameof(Colour));

    /// <inheritdoc/>
    public override PerceptKind Kind => PerceptKind.Mask;

    /// <inheritdoc/>
    public override string Prompt =>
        $"The area that corresponds to the {Phrase} is rendered solid ({Colour.R}, {Colour.G}, {Colour.B}).";

    /// <inheritdoc/>
    public override bool NeedsCalibration => false;

    /// <inheritdoc/>
    public override IReadOnlyList<LabelColour> NamedIds => [new LabelColour(1, Phrase, Colour)];

    /// <inheritdoc/>
    public override string BackgroundName => "rest";
}

/// <content>What a phrase refers to.</content>
public abstract partial record Instruction
{
    /// <summary>The pixels a phrase refers to, in one colour on black.</summary>
    public static Instruction Refer(string phrase, Rgb24 colour) => new ReferringInstruction(phrase, colour);
}

internal sealed class ReferringForm() : InstructionForm(PerceptKind.Mask, "refer:the red mug")
{
    private static readonly Rgb24 White = new(255, 255, 255);

    public override string Title => "a phrase";

    public override string Noun => "referring expressions";

    internal override string Hint => "refer:PHRASE";

    internal override Instruction? Read(InstructionGrammar grammar) =>
        grammar.Rest("refer:", "a phrase") is { } phrase ? new ReferringInstruction(WithoutArticle(phrase), White) : Prompt(grammar);

    // The prompt says "the" itself.
    private static string WithoutArticle(string phrase) =>
        phrase.StartsWith("the ", StringComparison.OrdinalIgnoreCase) && phrase[4..].Trim() is { Length: > 0 } rest ? rest : phrase;

    private static ReferringInstruction? Prompt(InstructionGrammar grammar)
    {
        InstructionReader reader = grammar.Reader;
        string phrase = "";
        Rgb24 colour = default;
        bool found = reader.Words("The area that corresponds to the") && grammar.Until(" is rendered solid ", out phrase);
        int colourAt = reader.Position;
        if (!grammar.Finish(found && ColourText.TryRead(reader, out colour)))
        {
            return null;
        }

        return colour != default
            ? new ReferringInstruction(phrase, colour)
            : throw reader.Error(colourAt, "expected a colour other than black, which is the background of a referring painting.");
    }
}
