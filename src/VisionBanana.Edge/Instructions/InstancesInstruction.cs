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
}
