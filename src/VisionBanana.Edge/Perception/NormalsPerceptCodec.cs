using VisionBanana.Edge.Codecs;
using VisionBanana.Edge.Imaging;

namespace VisionBanana.Edge.Perception;

/// <summary>Surface normals.</summary>
internal sealed class NormalsPerceptCodec() : PerceptCodec(PerceptKind.Normals, PerceptPlane.Normals)
{
    public override void Decode(PerceptionFrame frame, Percept percept, Span<float> confidence) =>
        NormalCodec.Decode(percept.Painting, percept.Normals, confidence);

    public override void Encode(Percept percept) => NormalCodec.Encode(percept.Normals, percept.Painting);
}
