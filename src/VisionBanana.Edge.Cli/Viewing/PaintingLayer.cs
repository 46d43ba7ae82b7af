using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Cli.Viewing;

/// <summary>The painting that the metric depth was decoded from, RGB.</summary>
internal sealed class PaintingLayer() : LayerKind("painting", "painting", PerceptKind.Depth)
{
    public override bool IsIn(PerceptionFrame frame) => frame.Find(PerceptKind.Depth) is { PainterGaveValues: false };

    public override void Encode(PerceptionFrame frame, IImageEncoder images, ViewLayer layer)
    {
        ReadOnlySpan<byte> painting = frame.Find(PerceptKind.Depth)!.PaintingBytes;
        painting.CopyTo(layer.Fill(painting.Length));
    }
}
