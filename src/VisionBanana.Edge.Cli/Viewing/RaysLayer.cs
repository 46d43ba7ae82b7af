using System.Runtime.InteropServices;
using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Cli.Viewing;

/// <summary>
/// The ray of each pixel as slopes x/z and y/z, float32 pairs: a point is depth × (x, y, 1), whatever the lens. Sent when the camera changes.
/// </summary>
internal sealed class RaysLayer() : LayerKind("rays", "rays")
{
    public override bool IsKept => true;

    public override bool IsOfCamera => true;

    public override bool IsIn(PerceptionFrame frame) => frame.Intrinsics is not null;

    public override void Encode(PerceptionFrame frame, IImageEncoder images, ViewLayer layer)
    {
        CameraIntrinsics camera = frame.Intrinsics!;
        Span<float> slopes = MemoryMarshal.Cast<byte, float>(layer.Fill(frame.Width * frame.Height * 2 * sizeof(float)));
        for (int y = 0, i = 0; y < camera.Height; y++)
        {
            for (int x = 0; x < camera.Width; x++, i += 2)
            {
                (double slopeX, double slopeY) = camera.Unproject(x, y);
                (slopes[i], slopes[i + 1]) = ((float)slopeX, (float)slopeY);
            }
        }
    }
}
