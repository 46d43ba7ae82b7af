using VisionBanana.Edge.Imaging;

namespace VisionBanana.Edge.Instructions;

/// <summary>Asks for surface normals.</summary>
public sealed record NormalsInstruction : Instruction
{
    /// <inheritdoc/>
    public override PerceptKind Kind => PerceptKind.Normals;

    /// <inheritdoc/>
    public override string Prompt => "Generate a surface normal map of the input image.";
}
