using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Diagnostics;
using VisionBanana.Edge.Instructions;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Tests.Perception;

/// <summary>Pictures that come without the calibration that their source has: a recording has none for them.</summary>
public sealed class PerceiverCalibrationTests
{
    private static readonly CameraIntrinsics Camera = CameraIntrinsics.FromHorizontalFov(8, 6, 60);

    [Fact]
    public void Perceive_SomePicturesWithoutCalibration_AreDroppedAndTheOthersPainted()
    {
        using var frames = new TestFrames();
        using var painter = new GreyPainter();
        Perceiver perceiver = Create(painter);
        perceiver.RequireCalibrationFor(Camera);
        var found = new List<DropReason?>();
        foreach (bool isCalibrated in (bool[])[false, true, false, false, true])
        {
            using CameraFrame picture = frames.Rent(0);
            picture.Intrinsics = isCalibrated ? Camera : null;
            found.Add(perceiver.Perceive(picture, out PerceptionFrame? frame));
            frame?.Dispose();
        }

        Assert.Equal([DropReason.Uncalibrated, null, DropReason.Uncalibrated, DropReason.Uncalibrated, null], found);
    }

    [Fact]
    public void Perceive_SourceThatHasNone_IsAnError()
    {
        using var frames = new TestFrames();
        using var painter = new GreyPainter();
        using CameraFrame picture = frames.Rent(0);

        Assert.Throws<ConfigurationException>(() => Create(painter).Perceive(picture, out _));
    }

    private static Perceiver Create(GreyPainter painter) =>
        new(painter, new InstructionSchedule([new ScheduledInstruction(Instruction.MetricDepth())]), new PerceiveOptions());
}
