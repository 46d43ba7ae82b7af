using VisionBanana.Edge.Codecs;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Instructions;

namespace VisionBanana.Edge.Perception;

/// <summary>What a phrase refers to, in one colour on black.</summary>
internal sealed class MaskPerceptCodec() : PerceptCodec(PerceptKind.Mask, PerceptPlane.Labels)
{
    private readonly CodecMemory<Rgb24, ReferringCodec> _codecs = new(colour => new ReferringCodec(colour));

    public override void Decode(PerceptionFrame frame, Percept percept, Span<float> confidence) =>
        For(percept).Decode(percept.Painting, percept.Labels, confidence);

    public override void Encode(Percept percept) => For(percept).Encode(percept.Labels, percept.Painting);

    private ReferringCodec For(Percept percept) => _codecs.For(Asked<ReferringInstruction>(percept).Colour);
}
