using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Instructions;
using VisionBanana.Edge.Onnx.Execution;
using VisionBanana.Edge.Onnx.Painting;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Onnx.Tests.Sessions;

/// <summary>Several painters in one process.</summary>
public sealed class SessionPoolTests
{
    [Fact]
    public void Load_SameModelTwice_SharesOneSessionUntilTheLastIsDisposed()
    {
        using var model = TestModel.Painter();
        var options = new ExecutionOptions { Prefer = [ExecutionProvider.Cpu], Threads = 3 };
        OnnxPainter first = model.Load(options);
        using OnnxPainter second = model.Load(new ExecutionOptions { Prefer = [ExecutionProvider.Cuda, ExecutionProvider.Cpu], Threads = 3 });

        Assert.Same(first.Session, second.Session);
        first.Dispose();
        first.Dispose();
        using PerceptionFrame frame = TestFrames.Gradient();
        second.Paint(frame, [Instruction.MetricDepth()]);
        Assert.NotNull(frame.Find(PerceptKind.Depth));
    }

    [Fact]
    public void Load_OtherOptionsOrOtherFile_GetSessionsOfTheirOwn()
    {
        using var model = TestModel.Variants("fp32", "int8");
        using OnnxPainter one = model.Load(new ExecutionOptions { Prefer = [ExecutionProvider.Cpu], Threads = 1, Precision = Onnx.Models.ModelPrecision.Fp32 });
        using OnnxPainter two = model.Load(new ExecutionOptions { Prefer = [ExecutionProvider.Cpu], Threads = 2, Precision = Onnx.Models.ModelPrecision.Fp32 });
        using OnnxPainter int8 = model.Load(new ExecutionOptions
        {
            Prefer = [ExecutionProvider.Cpu],
            Threads = 1,
            Precision = Onnx.Models.ModelPrecision.Int8
        });

        Assert.NotSame(one.Session, two.Session);
        Assert.NotSame(one.Session, int8.Session);
    }

    [Fact]
    public void Load_FailingToOpen_LeavesNothingInThePool()
    {
        using var model = TestModel.Plain("unknown_operator", "kind: metric_depth, tensor: depth");

        // Twice the same error: the first failure is not remembered as a session.
        Assert.Throws<ModelContractException>(() => model.Load());
        Assert.Throws<ModelContractException>(() => model.Load());
    }

    [Fact]
    public void Paint_ThreeInstructions_RunTheEncoderOnce()
    {
        using var model = TestModel.Painter();
        using OnnxPainter painter = model.Load(new ExecutionOptions { Prefer = [ExecutionProvider.Cpu], Threads = 4 });
        using PerceptionFrame frame = TestFrames.Gradient();
        long before = painter.Session.Runs;

        painter.Paint(frame, [Instruction.MetricDepth(), Instruction.Semantic(painter.Description.Classes), Instruction.SurfaceNormals()]);

        Assert.Equal(before + 1, painter.Session.Runs);
        Assert.NotNull(frame.Find(PerceptKind.Normals));
    }

    [Fact]
    public void Paint_RunsThatAreNotRecorded_GiveTheSameAnswer()
    {
        // Without a GPU nothing is recorded either way: what is tested is that these options run.
        using var model = TestModel.Painter();
        using OnnxPainter painter = model.Load(new ExecutionOptions { Prefer = [ExecutionProvider.Cpu], Threads = 5 });
        using PerceptionFrame recorded = TestFrames.Gradient(), free = TestFrames.Gradient();

        painter.Paint(recorded, [Instruction.MetricDepth()]);
        painter.Session.CapturesGraphs = false;
        painter.Paint(free, [Instruction.MetricDepth()]);

        Assert.Equal(recorded.Find(PerceptKind.Depth)!.PaintingBytes, free.Find(PerceptKind.Depth)!.PaintingBytes);
    }

    [Fact]
    public async Task Paint_TwoModelsSideBySide_GiveTheAnswersOfEachAlone()
    {
        using var painterModel = TestModel.Painter();
        using var depthModel = TestModel.Variants("fp32");
        using OnnxPainter painter = painterModel.Load();
        using OnnxPainter depth = depthModel.Load();
        float[] paintedAlone = Depth(painter), depthAlone = Depth(depth);

        Task<float[][]> painted = Task.Run(() => Enumerable.Range(0, 50).Select(_ => Depth(painter)).ToArray());
        Task<float[][]> measured = Task.Run(() => Enumerable.Range(0, 50).Select(_ => Depth(depth)).ToArray());

        Assert.All(await painted, d => Assert.Equal(paintedAlone, d));
        Assert.All(await measured, d => Assert.Equal(depthAlone, d));

        static float[] Depth(OnnxPainter painter)
        {
            using PerceptionFrame frame = TestFrames.Gradient();
            painter.Paint(frame, [Instruction.MetricDepth()]);
            Percept percept = frame.Find(PerceptKind.Depth)!;
            return percept.PainterGaveValues ? percept.Depth.ToArray() : [.. percept.Painting.ToArray().Select(c => (float)((c.R << 16) + (c.G << 8) + c.B))];
        }
    }
}
