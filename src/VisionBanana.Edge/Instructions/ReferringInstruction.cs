using VisionBanana.Edge.Imaging;

namespace VisionBanana.Edge.Instructions;

/// <summary>Asks for the area that a phrase describes, on black.</summary>
/// <param name="Phrase">What is looked for, e.g. <c>man in pink t shirt</c>.</param>
/// <param name="Colour">The colour to render it in.</param>
public sealed record ReferringInstruction(string Phrase, Rgb24 Colour) : Instruction
{
    /// <inheritdoc/>
    public override PerceptKind Kind => PerceptKind.Mask;

    /// <inheritdoc/>
    public override string Prompt =>
        $"The area that corresponds to the {Phrase} is rendered solid ({Colour.R}, {Colour.G}, {Colour.B}).";
}
