using OpenCvSharp;
using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Instructions;
using VisionBanana.Edge.OpenCv.Pictures;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.OpenCv.Tests.Pictures;

public sealed class PreviewPictureTests
{
    /// <summary>A real picture with its measured depth and labels; VBEDGE_PREVIEW=path keeps the result to look at.</summary>
    [Fact]
    public void Render_RealPictureWithMeasuredDepthAndLabels_ShowsThreePanels()
    {
        using PerceptionFrame frame = RealFrame();
        byte[] rgb = PreviewPicture.Render(frame, out int width, out int height);

        if (Environment.GetEnvironmentVariable("VBEDGE_PREVIEW") is { } path)
        {
            PreviewPicture.Write(path, frame);
        }

        Assert.Equal(width * height * 3, rgb.Length);
        Assert.Equal((3 * 576) + (2 * 16) + (2 * 20), width);
        Assert.InRange(height, 432 + 34 + 40 + 40, 700);
        Rgb24 At(int x, int y) => new(rgb[((y * width) + x) * 3], rgb[(((y * width) + x) * 3) + 1], rgb[(((y * width) + x) * 3) + 2]);

        // The middle of the first panel is the picture's middle; the enlargement is exactly threefold.
        Rgb24 middle = frame.Color[(72 * 192) + 96];
        Assert.InRange(At(20 + (96 * 3) + 1, 54 + (72 * 3) + 1).G, middle.G - 12, middle.G + 12);

        // Depth panel: the colour of the depth there.
        float depth = frame.Find(PerceptKind.Depth)!.Depth[(100 * 192) + 96];
        Vec3b expected = DepthScale.Of(frame.Find(PerceptKind.Depth)!.Depth)!.ColourOf(depth);
        Assert.Equal(new Rgb24(expected.Item2, expected.Item1, expected.Item0), At(20 + 592 + (96 * 3) + 1, 54 + (100 * 3) + 1));
    }

    [Fact]
    public void Render_OnlyAPicture_IsOnePanel()
    {
        Assert.True(PerceptionFrame.CreatePool(1, 64, 48).TryRent(out PerceptionFrame? frame));
        using (frame)
        {
            frame.ColorBytes.Fill(80);
            frame.HasSource.Fill(true);

            PreviewPicture.Render(frame, out int width, out _);

            Assert.Equal(576 + 40, width);
        }
    }

    [Fact]
    public void Render_NothingDecided_StillDraws()
    {
        Assert.True(PerceptionFrame.CreatePool(1, 700, 500).TryRent(out PerceptionFrame? frame));
        using (frame)
        {
            frame.ColorBytes.Clear();
            frame.HasSource.Clear();
            frame.Add(Instruction.MetricDepth()).Depth.Fill(float.NaN);
            frame.Add(Instruction.SurfaceNormals()).Normals.Fill(float.NaN);
            frame.Add(Instruction.Instances("cup", new Rgb24(0, 0, 0))).Labels.Fill(LabelPlane.Unknown);
            frame.Add(Instruction.Refer("a cup", new Rgb24(255, 0, 0))).Labels.Clear();

            PreviewPicture.Render(frame, out int width, out _);

            Assert.Equal((5 * 576) + (4 * 16) + 40, width);
        }
    }

    [Theory]
    [InlineData(0.61f, 2.73f, 0.5, 3.0)]
    [InlineData(1.5f, 1.5f, 1.5, 1.51)]
    [InlineData(3f, 78f, 0.0, 80.0)]
    public void Of_Depths_RangesInRoundNumbers(float near, float far, double expectedNear, double expectedFar)
    {
        float[] depth = [.. Enumerable.Range(0, 1001).Select(i => near + ((far - near) * i / 1000)), float.NaN, float.PositiveInfinity];

        DepthScale scale = DepthScale.Of(depth)!;

        Assert.Equal(expectedNear, scale.Near, 1e-6);
        Assert.Equal(expectedFar, scale.Far, 1e-6);
        Assert.InRange((scale.Far - scale.Near) / scale.Step, 0.99, 6.01);
    }

    [Fact]
    public void Of_NoFiniteDepth_IsNull() => Assert.Null(DepthScale.Of([float.NaN, float.PositiveInfinity]));

    private static PerceptionFrame RealFrame()
    {
        CameraIntrinsics camera = CameraInfoYaml.Read(Nearby.SharedData("real/tabletop-a/camera.yaml"));
        using CameraFrame picture = PictureFile.Read(Nearby.SharedData("real/tabletop-a/rgb/000.jpg"), camera);
        Assert.True(PerceptionFrame.CreatePool(1, 192, 144).TryRent(out PerceptionFrame? frame));
        Rectifier.Create(camera, PaintedCamera.For(camera, 192, 144, null)!, PixelFormat.Bgr8).Apply(picture, frame);
        using Mat depth = Cv2.ImRead(Nearby.SharedData("real/tabletop-a/depth/000.png"), ImreadModes.Unchanged);
        using Mat labels = Cv2.ImRead(Nearby.SharedData("real/tabletop-a/labels/000.png"), ImreadModes.Unchanged);
        Percept d = frame.Add(Instruction.MetricDepth());
        Percept l = frame.Add(Instruction.Semantic(new LabelPalette(
        [
            new LabelColour(0, "background", new Rgb24(90, 90, 90)), new LabelColour(1, "box", new Rgb24(230, 159, 0)),
            new LabelColour(2, "bottle", new Rgb24(86, 180, 233)), new LabelColour(3, "cup", new Rgb24(0, 158, 115)),
            new LabelColour(4, "book", new Rgb24(204, 121, 167)),
        ])));
        for (int i = 0; i < 192 * 144; i++)
        {
            int x = i % 192 * 640 / 192, y = i / 192 * 480 / 144;
            ushort millimetres = depth.At<ushort>(y, x);
            d.Depth[i] = millimetres == 0 ? float.NaN : millimetres / 1000f;
            int id = labels.Type() == MatType.CV_16UC1 ? labels.At<ushort>(y, x) : labels.At<byte>(y, x);
            l.Labels[i] = (ushort)(id == 0 ? 0 : ((id / 10) + id) % 4 + 1);
        }

        return frame;
    }
}
