using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Onnx.Tests;

/// <summary>Frames with known pixels.</summary>
internal static class TestFrames
{
    /// <summary>Red grows to the right, green downwards, blue is a pattern of both.</summary>
    public static PerceptionFrame Gradient(CameraIntrinsics? intrinsics = null, int width = TestModel.Width, int height = TestModel.Height)
    {
        Assert.True(PerceptionFrame.CreatePool(1, width, height).TryRent(out PerceptionFrame? frame));
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                frame.Color[(y * width) + x] = new Rgb24((byte)(x * 255 / (width - 1)), (byte)(y * 255 / (height - 1)), (byte)((x * 7) + (y * 11)));
            }
        }

        frame.HasSource.Fill(true);
        frame.Intrinsics = intrinsics ?? CameraIntrinsics.FromHorizontalFov(width, height, 60);
        return frame;
    }

    /// <summary>Every pixel the same.</summary>
    public static PerceptionFrame Plain(Rgb24 colour)
    {
        PerceptionFrame frame = Gradient();
        frame.Color.Fill(colour);
        return frame;
    }
}
