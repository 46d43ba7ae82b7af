using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Instructions;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Tests.Perception;

public sealed class PerceiverSupportTests
{
    private static readonly SupportPlane Mounted = SupportPlane.OfAngles(1.2, 10), Live = SupportPlane.OfAngles(0.9, 25);

    [Theory]
    [InlineData(OutputSize.Painter)]
    [InlineData(OutputSize.Source)]
    public void Perceive_PictureWithItsOwnSupport_WinsOverTheMount(OutputSize size)
    {
        using var frames = new TestFrames();
        using var painter = new GreyPainter();
        var perceiver = new Perceiver(
            painter, new InstructionSchedule([new ScheduledInstruction(Instruction.MetricDepth())]), new PerceiveOptions { Size = size, Support = Mounted });
        foreach ((SupportPlane? own, SupportPlane expected) in new[] { (null, Mounted), (Live, Live), (null, Mounted) })
        {
            using CameraFrame picture = frames.Rent(0);
            picture.Intrinsics = CameraIntrinsics.FromHorizontalFov(8, 6, 60);
            picture.Support = own;

            Assert.Null(perceiver.Perceive(picture, out PerceptionFrame? frame));

            Assert.Same(expected, frame!.Support);
            frame.Dispose();
        }
    }

    [Fact]
    public void Return_ForgetsTheSupport()
    {
        using var frames = new TestFrames(1);
        CameraFrame picture = frames.Rent(0);
        picture.Support = Live;
        picture.Dispose();

        using CameraFrame again = frames.Rent(1);

        Assert.Null(again.Support);
    }
}
