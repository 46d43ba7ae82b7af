using VisionBanana.Edge.Imaging;

namespace VisionBanana.Edge.Instructions;

/// <summary>Asks for surface normals.</summary>
public sealed record NormalsInstruction : Instruction
{
    /// <inheritdoc/>
    public override PerceptKind Kind => PerceptKind.Normals;

    /// <inheritdoc/>
    public override string Prompt => "Generate a surface normal map of the input image.";

    /// <inheritdoc/>
    public override bool NeedsCalibration => true;
}

/// <content>Normals.</content>
public abstract partial record Instruction
{
    /// <summary>Surface normals.</summary>
    public static Instruction SurfaceNormals() => new NormalsInstruction();
}

internal sealed class NormalsForm() : InstructionForm(PerceptKind.Normals, "normals")
{
    internal override Instruction? Read(InstructionGrammar grammar) =>
        grammar.Whole(Word) || grammar.Finish(grammar.Reader.Words("Generate a surface normal map of the input image")) ? new NormalsInstruction() : null;
}
