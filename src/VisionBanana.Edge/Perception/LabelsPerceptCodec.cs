using VisionBanana.Edge.Codecs;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Instructions;

namespace VisionBanana.Edge.Perception;

/// <summary>A class per pixel, in the colours of a palette.</summary>
internal sealed class LabelsPerceptCodec() : PerceptCodec(PerceptKind.Labels, PerceptPlane.Labels)
{
    private readonly CodecMemory<LabelPalette, SemanticCodec> _codecs = new(palette => new SemanticCodec(palette));

    public override void Decode(PerceptionFrame frame, Percept percept, Span<float> confidence) =>
        For(percept).Decode(percept.Painting, percept.Labels, confidence);

    public override void Encode(Percept percept) => For(percept).Encode(percept.Labels, percept.Painting);

    private SemanticCodec For(Percept percept) => _codecs.For(Asked<SemanticInstruction>(percept).Palette);
}
