using System.Runtime.InteropServices;
using VisionBanana.Edge.Geometry;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Cli.Viewing;

/// <summary>Millimetres along z, uint16; 0 = no measurement, too far or too close.</summary>
internal sealed class DepthLayer(string name, PerceptKind kind) : LayerKind(name, "depth", kind)
{
    public override void Encode(PerceptionFrame frame, IImageEncoder images, ViewLayer layer) =>
        DepthImage.ToMillimetres(frame.Find(Kind!.Value)!.Depth, MemoryMarshal.Cast<byte, ushort>(layer.Fill(frame.Width * frame.Height * 2)));
}
