using VisionBanana.Edge.Codecs;
using VisionBanana.Edge.Imaging;

namespace VisionBanana.Edge.Perception;

/// <summary>Metric depth, painted along the paper's walk.</summary>
internal sealed class DepthPerceptCodec() : PerceptCodec(PerceptKind.Depth, PerceptPlane.Depth)
{
    public override void Decode(PerceptionFrame frame, Percept percept, Span<float> confidence) =>
        DepthCodec.Decode(percept.Painting, percept.Depth, confidence);

    public override void Encode(Percept percept) => DepthCodec.Encode(percept.Depth, percept.Painting);
}
