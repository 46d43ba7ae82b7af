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
}
