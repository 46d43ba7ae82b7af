using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Cli.Viewing;

/// <summary>The picture, JPEG.</summary>
internal sealed class ColorLayer() : LayerKind("color", "jpeg")
{
    private const int JpegQuality = 85;

    public override void Encode(PerceptionFrame frame, IImageEncoder images, ViewLayer layer) =>
        images.EncodeJpeg(frame.ColorBytes, frame.Width, frame.Height, JpegQuality, layer);
}
