using FsCheck.Xunit;
using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Geometry;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Instructions;
using VisionBanana.Edge.Perception;
using VisionBanana.Edge.Tests.Shared;

namespace VisionBanana.Edge.Tests.Perception;

public sealed class PointCloudBuilderTests
{
    private static readonly LabelPalette Palette = new([new LabelColour(0, "background", default)]);

    [Fact]
    public void Build_KnownPixel_IsOnItsRay()
    {
        using PerceptionFrame frame = Frame(640, 480, new CameraIntrinsics(640, 480, 525, 520, 319.5, 239.5));
        Percept depth = frame.Find(PerceptKind.Depth)!;
        depth.Depth.Fill(2f);
        depth.Confidence.Fill(0.75f);
        frame.Color.Fill(new Rgb24(0x12, 0x34, 0x56));

        Assert.True(new PointCloudBuilder().Build(frame));

        CloudPoint point = frame.Points[(100 * 640) + 600];
        Assert.Equal(2 * (600 - 319.5) / 525, point.X, 1e-6);
        Assert.Equal(2 * (100 - 239.5) / 520, point.Y, 1e-6);
        Assert.Equal(2f, point.Z);
        Assert.Equal(0x123456u, point.Rgb);
        Assert.Equal(0.75f, point.Confidence);
        Assert.Equal(65535, point.Label);
        Assert.Equal(0, point.Padding);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    [InlineData(0f)]
    [InlineData(-1f)]
    public void Build_DepthThatIsNoPlace_IsNoPoint(float metres)
    {
        using PerceptionFrame frame = Frame(9, 3, CameraIntrinsics.FromHorizontalFov(9, 3, 60));
        Percept depth = frame.Find(PerceptKind.Depth)!;
        depth.Depth.Fill(metres);
        depth.Confidence.Fill(1);

        new PointCloudBuilder().Build(frame);

        Assert.All(frame.Points.ToArray(), p => Assert.True(float.IsNaN(p.X) && float.IsNaN(p.Y) && float.IsNaN(p.Z)));
    }

    [Property(MaxTest = 60)]
    public void Build_AnySizeAndOptions_AgreesWithTheFormula(byte w, byte h, int seed, bool withLabels)
    {
        int width = 1 + (w % 23), height = 1 + (h % 7);
        var random = new Random(seed);
        var camera = new CameraIntrinsics(width, height, 10 + random.Next(50), 10 + random.Next(50), random.Next(width), random.NextDouble() * height);
        using PerceptionFrame frame = Frame(width, height, camera);
        Percept depth = frame.Find(PerceptKind.Depth)!;
        Percept? labels = withLabels ? frame.Add(Instruction.Semantic(Palette)) : null;
        for (int i = 0; i < width * height; i++)
        {
            depth.Depth[i] = random.Next(8) switch { 0 => float.NaN, 1 => float.PositiveInfinity, _ => random.NextSingle() * 10 };
            depth.Confidence[i] = random.NextSingle();
            frame.Color[i] = new Rgb24((byte)random.Next(256), (byte)random.Next(256), (byte)random.Next(256));
            if (labels is not null)
            {
                labels.Labels[i] = (ushort)random.Next(65536);
            }
        }

        var options = new CloudOptions { MinConfidence = 0.3f, MinDepthM = 1f, MaxDepthM = 8f };
        Assert.True(new PointCloudBuilder(options).Build(frame));

        for (int i = 0; i < width * height; i++)
        {
            CloudPoint point = frame.Points[i];
            float z = depth.Depth[i];
            bool valid = depth.Confidence[i] >= 0.3f && z is >= 1f and <= 8f;
            Assert.Equal(valid ? z : float.NaN, point.Z);
            Assert.Equal(valid ? z * (float)(((i % width) - camera.Cx) / camera.Fx) : float.NaN, point.X);
            Assert.Equal(valid ? z * (float)(((i / width) - camera.Cy) / camera.Fy) : float.NaN, point.Y);
            Rgb24 c = frame.Color[i];
            Assert.Equal((uint)((c.R * 65536) + (c.G * 256) + c.B), point.Rgb);
            Assert.Equal(depth.Confidence[i], point.Confidence);
            Assert.Equal(labels is null ? 65535 : labels.Labels[i], point.Label);
            Assert.Equal(0, point.Padding);
        }
    }

    [Fact]
    public void Build_FrameWithoutDepth_AddsNoPoints()
    {
        Assert.True(PerceptionFrame.CreatePool(1, 4, 4).TryRent(out PerceptionFrame? frame));
        using (frame)
        {
            Assert.False(new PointCloudBuilder().Build(frame));
            Assert.False(frame.HasPoints);
        }
    }

    [Fact]
    public void Build_WithoutIntrinsics_SaysWhatToDo()
    {
        using PerceptionFrame frame = Frame(4, 4, null);
        Assert.Contains("--hfov", Assert.Throws<ConfigurationException>(() => new PointCloudBuilder().Build(frame)).Message, StringComparison.Ordinal);
        Assert.False(frame.HasPoints);
    }

    [Fact]
    public void Build_IntrinsicsOfAnotherSize_Throws()
    {
        using PerceptionFrame other = Frame(4, 4, CameraIntrinsics.FromHorizontalFov(8, 4, 60));
        Assert.Contains("is 8×4", Assert.Throws<ConfigurationException>(() => new PointCloudBuilder().Build(other)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Build_LensWithDistortion_PutsPointsOnUndistortedRays()
    {
        CameraIntrinsics camera = CameraIntrinsics.FromHorizontalFov(64, 48, 70) with { Distortion = [-0.2, 0.05, 0.001, -0.0005, 0] };
        using PerceptionFrame frame = Frame(64, 48, camera);
        frame.Find(PerceptKind.Depth)!.Depth.Fill(3);
        frame.Find(PerceptKind.Depth)!.Confidence.Fill(1);

        new PointCloudBuilder().Build(frame);

        foreach ((int x, int y) in new[] { (0, 0), (63, 47), (31, 24), (5, 40) })
        {
            CloudPoint point = frame.Points[(y * 64) + x];
            (double u, double v) = camera.Project(point.X / point.Z, point.Y / point.Z);
            Assert.Equal(x, u, 1e-3);
            Assert.Equal(y, v, 1e-3);
        }
    }

    [Fact]
    public void Build_PixelWithoutARay_IsNoPointAtAll()
    {
        // A fisheye picture whose corners look behind the camera.
        var camera = new CameraIntrinsics(64, 48, 12, 12, 31.5, 23.5) { DistortionModel = DistortionModel.Equidistant, Distortion = [1e-3, 0, 0, 0] };
        using PerceptionFrame frame = Frame(64, 48, camera);
        frame.Find(PerceptKind.Depth)!.Depth.Fill(3);
        frame.Find(PerceptKind.Depth)!.Confidence.Fill(1);

        new PointCloudBuilder().Build(frame);

        Assert.True(float.IsNaN(frame.Points[0].Z));
        Assert.Equal(3f, frame.Points[(24 * 64) + 32].Z);
        Assert.All(frame.Points.ToArray(), p => Assert.True(float.IsNaN(p.X) == float.IsNaN(p.Z) && float.IsNaN(p.Y) == float.IsNaN(p.Z)));
    }

    [Fact]
    public void Build_CameraChanges_SlopesFollow()
    {
        var builder = new PointCloudBuilder();
        foreach (double fov in new[] { 60.0, 90.0 })
        {
            using PerceptionFrame frame = Frame(5, 5, CameraIntrinsics.FromHorizontalFov(5, 5, fov));
            frame.Find(PerceptKind.Depth)!.Depth.Fill(1);
            frame.Find(PerceptKind.Depth)!.Confidence.Fill(1);
            builder.Build(frame);
            Assert.Equal(0.8 * Math.Tan(fov * Math.PI / 360), frame.Points[4].X, 1e-6);
        }
    }

    [Fact]
    public void Constructor_ContradictoryOptions_TellsAllProblems()
    {
        var options = new CloudOptions { MinConfidence = 2, MinDepthM = 5, MaxDepthM = 4 };
        string message = Assert.Throws<ConfigurationException>(() => new PointCloudBuilder(options)).Message;
        Assert.Contains("min_confidence is 2", message, StringComparison.Ordinal);
        Assert.Contains("max_depth_m is 4", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Build_WhenWarm_AllocatesNothing()
    {
        using PerceptionFrame frame = Frame(64, 48, CameraIntrinsics.FromHorizontalFov(64, 48, 60));
        var builder = new PointCloudBuilder();
        builder.Build(frame);

        Assert.Equal(0, Allocation.Of(() => builder.Build(frame)));
    }

    private static PerceptionFrame Frame(int width, int height, CameraIntrinsics? camera)
    {
        Assert.True(PerceptionFrame.CreatePool(1, width, height).TryRent(out PerceptionFrame? frame));
        frame.Intrinsics = camera;
        frame.Add(Instruction.MetricDepth());
        return frame;
    }
}
