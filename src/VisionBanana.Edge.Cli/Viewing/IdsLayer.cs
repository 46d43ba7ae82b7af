using System.Runtime.InteropServices;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Cli.Viewing;

/// <summary>Ids of classes, objects or a phrase, uint16; 65535 = undecided.</summary>
internal sealed class IdsLayer(string name, PerceptKind kind) : LayerKind(name, "ids", kind)
{
    public override bool IsKept => true;

    public override void Encode(PerceptionFrame frame, IImageEncoder images, ViewLayer layer) =>
        MemoryMarshal.AsBytes(frame.Find(Kind!.Value)!.Labels).CopyTo(layer.Fill(frame.Width * frame.Height * 2));
}
