using VisionBanana.Edge.Codecs;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Instructions;

namespace VisionBanana.Edge.Perception;

/// <summary>Objects of one class, told apart by the colours that the painter chose.</summary>
internal sealed class InstancesPerceptCodec() : PerceptCodec(PerceptKind.Instances, PerceptPlane.Labels)
{
    private readonly InstanceCodec _codec = new();

    public override void Decode(PerceptionFrame frame, Percept percept, Span<float> confidence) => _codec.Decode(
        percept.Painting, frame.Width, frame.Height, Asked<InstancesInstruction>(percept).Background, percept.Labels, confidence);

    public override void Encode(Percept percept) =>
        InstanceCodec.Encode(percept.Labels, Asked<InstancesInstruction>(percept).Background, percept.Painting);
}
