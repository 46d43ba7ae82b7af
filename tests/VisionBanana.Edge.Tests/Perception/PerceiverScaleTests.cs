using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Geometry;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Instructions;
using VisionBanana.Edge.Perception;
using VisionBanana.Edge.Scale;

namespace VisionBanana.Edge.Tests.Perception;

public sealed class PerceiverScaleTests
{
    private static readonly CameraIntrinsics Camera = CameraIntrinsics.FromHorizontalFov(8, 6, 60);

    [Theory]
    [InlineData(OutputSize.Painter)]
    [InlineData(OutputSize.Source)]
    public void Perceive_FixedFactor_ScalesDepthAndCloudButNotThePainting(OutputSize size)
    {
        using PerceptionFrame plain = Perceive(null, size), scaled = Perceive(new ScaleOptions { Anchors = [new FixedAnchor(2, 0.1)] }, size);
        Percept before = plain.Find(PerceptKind.Depth)!, after = scaled.Find(PerceptKind.Depth)!;

        Assert.Equal(2, scaled.Scale.Factor, 1e-9);
        Assert.Equal(before.Painting.ToArray(), after.Painting.ToArray());
        for (int i = 0; i < before.Depth.Length; i++)
        {
            Assert.Equal(before.Depth[i] * 2, after.Depth[i]);
            Assert.Equal(before.Confidence[i] * Math.Exp(-0.3), after.Confidence[i], 1e-4);
            Assert.Equal(plain.Points[i].X * 2, scaled.Points[i].X, 1e-5f);
        }
    }

    [Fact]
    public void Perceive_ScaleNotSureEnough_WithholdsTheCloud()
    {
        using PerceptionFrame sure = Perceive(new ScaleOptions { Anchors = [new FixedAnchor(1, 0.05)], MinScaleConfidence = 0.6 }, OutputSize.Painter);
        using PerceptionFrame unsure = Perceive(new ScaleOptions { MinScaleConfidence = 0.6 }, OutputSize.Painter);

        Assert.True(sure.HasPoints);
        Assert.False(unsure.HasPoints);
        Assert.False(unsure.Scale.IsTrusted);
        Assert.NotNull(unsure.Find(PerceptKind.Depth));
    }

    [Fact]
    public void Perceive_LiveMount_IsWhatWasKnownAtTheStamp()
    {
        var feed = new MountFeed();
        long now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() * 1_000_000;
        feed.Push(CameraMount.OfBody("base_link", 0, 0, 0.7, UnitQuaternion.Identity), now);
        var options = new PerceiveOptions { Mount = feed, Support = SupportPlane.OfAngles(9) };

        using PerceptionFrame fresh = PerceiveAt(options, now + 1000), stale = PerceiveAt(options, now + 10_000_000_000);

        Assert.Equal(0.7, fresh.Support!.HeightM!.Value, 6);
        Assert.Null(stale.Support);
    }

    private static PerceptionFrame Perceive(ScaleOptions? scale, OutputSize size) =>
        PerceiveAt(new PerceiveOptions { Scale = scale, Size = size, Cloud = new CloudOptions() }, 1_700_000_000_000_000_000);

    private static PerceptionFrame PerceiveAt(PerceiveOptions options, long stampNs)
    {
        using var frames = new TestFrames();
        using var painter = new GreyPainter();
        var perceiver = new Perceiver(painter, new InstructionSchedule([new ScheduledInstruction(Instruction.MetricDepth())]), options);
        using CameraFrame picture = frames.Rent(0);
        picture.Intrinsics = Camera;
        picture.CapturedAt = new CaptureTime(0, stampNs);
        for (int i = 0; i < picture.Pixels.Length; i++)
        {
            picture.Pixels[i] = (byte)(i * 3);
        }

        Assert.Null(perceiver.Perceive(picture, out PerceptionFrame? frame));
        return frame!;
    }
}
