using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Instructions;
using VisionBanana.Edge.Onnx.Painting;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Onnx.Tests.Painting;

/// <summary>A painter that is disposed too early, too often, or in the middle of a run: never a freed handle in native code.</summary>
public sealed class PainterLifetimeTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData("painter")]
    [InlineData("depth")]
    [InlineData("logits")]
    public void Paint_AfterDispose_IsRefused(string kind)
    {
        using TestModel model = ModelOf(kind);
        OnnxPainter painter = model.Load();
        Instruction asked = painter.Description.Kinds.Contains(PerceptKind.Depth) ? Instruction.MetricDepth()
            : Instruction.Semantic(painter.Description.Classes);
        using PerceptionFrame frame = TestFrames.Gradient();
        painter.Dispose();
        painter.Dispose();

        Assert.Throws<ObjectDisposedException>(() => painter.Paint(frame, [asked]));
        Assert.Throws<ObjectDisposedException>(() => painter.RunBare(1));
    }

    [Theory]
    [InlineData("painter")]
    [InlineData("depth")]
    [InlineData("logits")]
    public void Dispose_WhileItPaints_LetsTheRunEndAndRefusesTheNext(string kind)
    {
        using TestModel model = ModelOf(kind);
        for (int round = 0; round < 60; round++)
        {
            OnnxPainter painter = model.Load();
            Instruction asked = painter.Description.Kinds.Contains(PerceptKind.Depth) ? Instruction.MetricDepth()
                : Instruction.Semantic(painter.Description.Classes);
            using var begun = new ManualResetEventSlim();
            Exception? ended = null;
            var thread = new Thread(() => ended = Record.Exception((Action)(() => PaintForever(painter, asked, begun))));
            thread.Start();
            Assert.True(begun.Wait(Limit));

            // At another place of the run each time.
            Thread.SpinWait(round * 200);
            painter.Dispose();

            Assert.True(thread.Join(Limit));
            Assert.IsType<ObjectDisposedException>(ended);
        }
    }

    [Fact]
    public void Dispose_OneOfTwoPaintersOfAModel_LeavesTheOtherItsSession()
    {
        using var model = TestModel.Painter();
        using OnnxPainter stays = model.Load();
        OnnxPainter goes = model.Load();
        using PerceptionFrame frame = TestFrames.Gradient();

        goes.Dispose();
        goes.Dispose();
        stays.Paint(frame, [Instruction.MetricDepth()]);

        Assert.NotNull(frame.Find(PerceptKind.Depth));
    }

    [Fact]
    public void Enter_WhileAnotherThreadIsInside_SaysOneCallAtATime()
    {
        int released = 0;
        var guard = new PainterGuard("test-model", () => released++);
        guard.Enter();

        Assert.Contains("one call at a time", Assert.Throws<InvalidOperationException>(guard.Enter).Message, StringComparison.Ordinal);
        guard.Dispose();
        Assert.Equal(0, released);
        Assert.Throws<ObjectDisposedException>(guard.Enter);
        guard.Exit();
        guard.Dispose();
        Assert.Equal(1, released);
    }

    private static void PaintForever(OnnxPainter painter, Instruction asked, ManualResetEventSlim begun)
    {
        while (true)
        {
            using PerceptionFrame frame = TestFrames.Gradient();
            painter.Paint(frame, [asked]);
            begun.Set();
        }
    }

    private static TestModel ModelOf(string kind) => kind switch
    {
        "depth" => TestModel.MetricDepth(),
        "logits" => TestModel.ClassLogits(),
        _ => TestModel.Painter(),
    };
}
