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
}
