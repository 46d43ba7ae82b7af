using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Instructions;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Tests.Perception;

public sealed class SwitchablePainterTests
{
    private readonly LeasePool<PerceptionFrame> _frames = PerceptionFrame.CreatePool(1, 16, 12);

    [Fact]
    public void Replace_TheNewOneFails_TheSamePictureIsPaintedByTheOneBeforeWhichStays()
    {
        var first = new GreyPainter();
        using var painter = new SwitchablePainter(first);
        var settled = new List<string?>();
        painter.Settled += settled.Add;
        painter.Replace(new GreyPainter { Fails = n => n == 3 });

        for (int i = 0; i < 6; i++)
        {
            Paint(painter, i);
        }

        Assert.Equal(["told to fail"], settled);
        Assert.Same(first.Description, painter.Description);
    }

    [Fact]
    public void Replace_TheNewOnePaintsItsProbation_TheOneBeforeIsGivenUp()
    {
        using var painter = new SwitchablePainter(new GreyPainter());
        var settled = new List<string?>();
        painter.Settled += settled.Add;
        var next = new GreyPainter { Fails = n => n > 50 };
        painter.Replace(next);

        for (int i = 0; i < SwitchablePainter.Probation + 2; i++)
        {
            Paint(painter, i);
        }

        Assert.Equal([null], settled);
        Assert.Same(next.Description, painter.Description);
        Assert.Throws<InferenceException>(() => Paint(painter, 51));
    }

    [Fact]
    public void Replace_AnotherSizeOrView_IsRefusedWithBoth()
    {
        using var painter = new SwitchablePainter(new GreyPainter());
        using var other = new GreyPainter(width: 32);
        Assert.Contains("32×12, the one that runs 16×12", Assert.Throws<ArgumentException>(() => painter.Replace(other)).Message, StringComparison.Ordinal);
        using var wide = new GreyPainter(fov: 90);
        Assert.Contains("90°", painter.WhyNotReplaceBy(wide.Description)!, StringComparison.Ordinal);
    }

    private void Paint(SwitchablePainter painter, long number)
    {
        Assert.True(_frames.TryRent(out PerceptionFrame? frame));
        using (frame)
        {
            frame.SequenceNumber = number;
            painter.Paint(frame, [Instruction.MetricDepth()]);
            Assert.NotNull(frame.Find(PerceptKind.Depth));
        }
    }
}
