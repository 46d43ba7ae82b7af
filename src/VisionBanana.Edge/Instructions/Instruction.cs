using VisionBanana.Edge.Imaging;

namespace VisionBanana.Edge.Instructions;

/// <summary>What is asked of the painter. Each instruction writes the paper's prompt; <c>Parse</c> reads it back.</summary>
public abstract partial record Instruction
{
    private protected Instruction()
    {
    }

    /// <summary>What the answer decodes to.</summary>
    public abstract PerceptKind Kind { get; }

    /// <summary>The prompt in the wording of the paper's project page.</summary>
    public abstract string Prompt { get; }

    /// <summary>Metres along the optical axis, painted along the paper's walk.</summary>
    public static Instruction MetricDepth() => new DepthInstruction();

    /// <summary>Surface normals.</summary>
    public static Instruction SurfaceNormals() => new NormalsInstruction();

    /// <summary>A class per pixel, in the colours of the palette.</summary>
    public static Instruction Semantic(LabelPalette palette) => new SemanticInstruction(palette);

    /// <summary>Objects of one class, each in a colour the painter chooses, on a background of a given colour.</summary>
    public static Instruction Instances(string className, Rgb24 background) => new InstancesInstruction(className, background);

    /// <summary>The pixels a phrase refers to, in one colour on black.</summary>
    public static Instruction Refer(string phrase, Rgb24 colour) => new ReferringInstruction(phrase, colour);

    private protected static string Words(string text, string what) =>
        text?.Trim() is { Length: > 0 } words ? words : throw new ArgumentException($"{what} is empty: say what to look for.");

    /// <summary>The prompt.</summary>
    public sealed override string ToString() => Prompt;
}
