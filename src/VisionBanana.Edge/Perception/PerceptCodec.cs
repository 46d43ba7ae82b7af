using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Instructions;

namespace VisionBanana.Edge.Perception;

/// <summary>How the answers to one task become numbers and back: an entry of <see cref="PerceptCodecs"/>. May keep scratch: one per decoder.</summary>
/// <param name="kind">What the answers decode to.</param>
/// <param name="plane">Where the numbers go.</param>
internal abstract class PerceptCodec(PerceptKind kind, PerceptPlane plane)
{
    public PerceptKind Kind => kind;

    public PerceptPlane Plane => plane;

    /// <summary>Fills the plane from the painting, and the confidence unless its span is empty.</summary>
    public abstract void Decode(PerceptionFrame frame, Percept percept, Span<float> confidence);

    /// <summary>Fills the painting from the plane.</summary>
    public abstract void Encode(Percept percept);

    /// <summary>What was asked, as the task's own instruction.</summary>
    protected static TInstruction Asked<TInstruction>(Percept percept)
        where TInstruction : Instruction => percept.Instruction as TInstruction
            ?? throw new NotSupportedException(
                $"Expected a {typeof(TInstruction).Name} as what was asked of {percept.Kind}, found {percept.Instruction.GetType().Name}.");
}
