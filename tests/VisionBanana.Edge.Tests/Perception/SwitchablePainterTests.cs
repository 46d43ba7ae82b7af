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

    [Fact]
    public void Replace_DuringProbation_TheProvenOneIsTheOneToGoBackTo()
    {
        var proven = new GreyPainter();
        using var painter = new SwitchablePainter(proven);
        var unproven = new GreyPainter();
        painter.Replace(unproven);
        Paint(painter, 0);

        painter.Replace(new GreyPainter { Fails = n => n == 2 });

        Assert.True(unproven.IsDisposed);
        Assert.Same(proven.Description, painter.Proven);
        Paint(painter, 1);
        Paint(painter, 2);
        Assert.Same(proven.Description, painter.Description);
        Assert.False(proven.IsDisposed);
    }

    [Fact]
    public void WhyNot_DuringProbation_BothMustAnswer()
    {
        var labels = Instruction.Semantic(new LabelPalette([]));
        using var painter = new SwitchablePainter(new GreyPainter());
        painter.Replace(new GreyPainter { TakesLabels = true });
        Assert.NotNull(painter.WhyNot(labels));
        for (int i = 0; i < SwitchablePainter.Probation; i++)
        {
            Paint(painter, i);
        }

        Assert.Null(painter.WhyNot(labels));
    }

    [Fact]
    public void Replace_SomethingSpeaksAgainstItInTheLastMoment_TheOneThatRunsStays()
    {
        var first = new GreyPainter();
        using var painter = new SwitchablePainter(first);
        using var next = new GreyPainter();
        Assert.Contains("asked since", Assert.Throws<ArgumentException>(() => painter.Replace(next, () => "asked since")).Message, StringComparison.Ordinal);
        Assert.Same(first.Description, painter.Description);
        Assert.False(next.IsDisposed);
    }

    [Fact]
    public void Paint_BothFailOnThePicture_GoingBackIsToldAllTheSame()
    {
        var first = new GreyPainter { Fails = n => n == 1 };
        using var painter = new SwitchablePainter(first);
        var settled = new List<string?>();
        painter.Settled += settled.Add;
        painter.Replace(new GreyPainter { Fails = n => n == 1 });

        Assert.Throws<InferenceException>(() => Paint(painter, 1));

        Assert.Equal(["told to fail"], settled);
        Assert.Same(first.Description, painter.Description);
    }

    [Fact]
    public async Task Dispose_APaintingHangs_IsNotWaitedForAndItsThreadDisposesThePainter()
    {
        using var begun = new ManualResetEventSlim();
        using var goOn = new ManualResetEventSlim();
        var hanging = new GreyPainter
        {
            Fails = _ =>
            {
                begun.Set();
                goOn.Wait();
                return false;
            },
        };
        var painter = new SwitchablePainter(hanging);
        Task painting = Task.Run(() => Paint(painter, 0));
        begun.Wait();
        using var next = new GreyPainter();
        Task replacing = Task.Run(() => painter.Replace(next));

        painter.Dispose();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => replacing);
        Assert.False(hanging.IsDisposed);
        goOn.Set();
        await painting;
        Assert.True(hanging.IsDisposed);
        Assert.Throws<ObjectDisposedException>(() => Paint(painter, 1));
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
