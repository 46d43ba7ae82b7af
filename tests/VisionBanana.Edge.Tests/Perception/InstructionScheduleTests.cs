using FsCheck.Xunit;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Instructions;
using VisionBanana.Edge.Perception;
using VisionBanana.Edge.Tests.Shared;

namespace VisionBanana.Edge.Tests.Perception;

public sealed class InstructionScheduleTests
{
    private static readonly Instruction Labels = Instruction.Semantic(new LabelPalette([new LabelColour(1, "floor", new Rgb24(255, 0, 0))]));

    [Fact]
    public void Due_DepthEveryLabelsEveryThird_SpreadsThem()
    {
        var schedule = new InstructionSchedule(new ScheduledInstruction(Instruction.MetricDepth()), new ScheduledInstruction(Labels, 3));

        int[] counts = [.. Enumerable.Range(0, 6).Select(i => schedule.Due(i).Count)];

        Assert.Equal([1, 2, 1, 1, 2, 1], counts);
    }

    [Property]
    public bool Due_AnyInterval_AsksExactlyOncePerInterval(byte every)
    {
        int n = 1 + (every % 10);
        var schedule = new InstructionSchedule(new ScheduledInstruction(Instruction.MetricDepth(), 7), new ScheduledInstruction(Labels, n));
        return Enumerable.Range(0, n * 5).Count(i => schedule.Due(i).Contains(Labels)) == 5;
    }

    [Fact]
    public void Due_Warm_AllocatesNothing()
    {
        var schedule = new InstructionSchedule(new ScheduledInstruction(Instruction.MetricDepth()), new ScheduledInstruction(Labels, 3));
        for (int i = 0; i < 6; i++)
        {
            schedule.Due(i);
        }

        long allocated = Allocation.Of(() =>
        {
            for (int i = 0; i < 100; i++)
            {
                schedule.Due(i);
            }
        });

        Assert.Equal(0, allocated);
    }

    [Fact]
    public void Request_TwiceBeforeThePicture_BothAreAskedTheLaterOfAKindWins()
    {
        var schedule = new InstructionSchedule(new ScheduledInstruction(Instruction.MetricDepth(), 2));
        Instruction mug = Instruction.Refer("the mug", new Rgb24(1, 2, 3)), cup = Instruction.Refer("the cup", new Rgb24(1, 2, 3));
        schedule.Request(Instruction.SurfaceNormals(), mug);
        schedule.Request(cup);
        Assert.Equal([Instruction.MetricDepth(), Instruction.SurfaceNormals(), cup], schedule.Due(0));
        Assert.Empty(schedule.Due(1));
    }

    [Fact]
    public void Request_Once_IsAskedWithTheNextPictureOnly()
    {
        var schedule = new InstructionSchedule(new ScheduledInstruction(Instruction.MetricDepth()));
        schedule.Request(Instruction.SurfaceNormals());

        Assert.Equal([PerceptKind.Depth, PerceptKind.Normals], schedule.Due(0).Select(i => i.Kind));
        Assert.Equal([PerceptKind.Depth], schedule.Due(1).Select(i => i.Kind));
    }

    [Fact]
    public void Create_OneKindTwice_IsRefused() =>
        Assert.Contains("Depth is asked 2 times", Assert.Throws<ConfigurationException>(() => new InstructionSchedule(
            new ScheduledInstruction(Instruction.MetricDepth()), new ScheduledInstruction(Instruction.MetricDepth(), 2))).Message, StringComparison.Ordinal);
}
