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
}
