using VisionBanana.Edge.Imaging;

namespace VisionBanana.Edge.Instructions;

/// <summary>Asks for metric depth along the paper's walk.</summary>
public sealed record DepthInstruction : Instruction
{
    /// <inheritdoc/>
    public override PerceptKind Kind => PerceptKind.Depth;

    /// <inheritdoc/>
    public override string Prompt =>
        "Predict the metric depth of this scene as an image. Visualized in the rainbow (black-red-yellow-green-cyan-blue-violet-white) color palette.";

    /// <inheritdoc/>
    public override bool NeedsCalibration => true;
}

/// <content>Depth.</content>
public abstract partial record Instruction
{
    /// <summary>Metres along the optical axis, painted along the paper's walk.</summary>
    public static Instruction MetricDepth() => new DepthInstruction();
}

internal sealed class DepthForm() : InstructionForm(PerceptKind.Depth, "depth")
{
    internal override Instruction? Read(InstructionGrammar grammar) => grammar.Whole(Word) || Prompt(grammar) ? new DepthInstruction() : null;

    private static bool Prompt(InstructionGrammar grammar)
    {
        InstructionReader reader = grammar.Reader;
        bool found = reader.Words("Generate a metric depth map of the input image")
            || reader.Words("Predict the metric depth of this scene as an image");
        if (found && grammar.Optional('.'))
        {
            // Other palettes are lines too, but the bundled codecs read metres from the walk alone.
            found = reader.AtEnd
                || reader.Words("Visualized in the rainbow (black-red-yellow-green-cyan-blue-violet-white) color palette")
                || reader.Words("Visualized in the rainbow color palette");
        }

        return grammar.Finish(found);
    }
}
