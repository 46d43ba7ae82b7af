using System.Runtime.InteropServices;
using VisionBanana.Edge.Codecs;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Cli.Viewing;

/// <summary>Normals, painted in the paper's code, RGB.</summary>
internal sealed class NormalsLayer(string name, PerceptKind kind) : LayerKind(name, "normals", kind)
{
    public override bool IsKept => true;

    public override void Encode(PerceptionFrame frame, IImageEncoder images, ViewLayer layer) =>
        NormalCodec.Encode(frame.Find(Kind!.Value)!.Normals, MemoryMarshal.Cast<byte, Rgb24>(layer.Fill(frame.Width * frame.Height * 3)));
}
