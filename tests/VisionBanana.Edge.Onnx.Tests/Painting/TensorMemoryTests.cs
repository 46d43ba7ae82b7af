using Microsoft.ML.OnnxRuntime;
using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Instructions;
using VisionBanana.Edge.Onnx.Execution;
using VisionBanana.Edge.Onnx.Painting;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Onnx.Tests.Painting;

/// <summary>The ways of a GPU, on the processor: tensors of the session apart from those of the program, and inputs bound anew.</summary>
public sealed class TensorMemoryTests
{
    public static TheoryData<string> Ways => ["apart", "rebound"];

    [Theory]
    [MemberData(nameof(Ways))]
    public void Paint_PictureAfterPicture_IsTheSameAsInSharedMemory(string way)
    {
        using var model = TestModel.Painter(usesFocal: true);
        using OnnxPainter shared = model.Load(), other = Load(model, way);
        Instruction[][] asked =
        [
            [Instruction.MetricDepth()],
            [Instruction.MetricDepth(), Instruction.SurfaceNormals()],
            [Instruction.MetricDepth()],
            [Instruction.Refer("dog", new Rgb24(255, 0, 0))],
            [Instruction.Refer("cat", new Rgb24(0, 255, 0))],
            [Instruction.MetricDepth()],
        ];
        for (int i = 0; i < asked.Length; i++)
        {
            using PerceptionFrame expected = Picture(i), found = Picture(i);

            shared.Paint(expected, asked[i]);
            other.Paint(found, asked[i]);

            foreach (Instruction instruction in asked[i])
            {
                Percept a = expected.Find(instruction.Kind)!, b = found.Find(instruction.Kind)!;
                Assert.Equal(a.PaintingBytes.ToArray(), b.PaintingBytes.ToArray());
                Assert.Equal(a.Confidence.ToArray(), b.Confidence.ToArray());
            }
        }
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void Paint_PlainDepthAndLogits_AreTheSameAsInSharedMemory(string way)
    {
        foreach (TestModel model in (TestModel[])[TestModel.MetricDepth(), TestModel.ClassLogits()])
        {
            using (model)
            {
                using OnnxPainter shared = model.Load(), other = Load(model, way);
                Instruction asked = shared.WhyNot(Instruction.MetricDepth()) is null
                    ? Instruction.MetricDepth()
                    : Instruction.Semantic(shared.Description.Classes);
                for (int i = 0; i < 3; i++)
                {
                    using PerceptionFrame expected = Picture(i), found = Picture(i);
                    shared.Paint(expected, [asked]);
                    other.Paint(found, [asked]);
                    Assert.Equal(expected.Find(asked.Kind)!.Depth.ToArray(), found.Find(asked.Kind)!.Depth.ToArray());
                    Assert.Equal(expected.Find(asked.Kind)!.Labels.ToArray(), found.Find(asked.Kind)!.Labels.ToArray());
                }
            }
        }
    }

    [Fact]
    public void Upload_OnlyWhatWasWritten_Travels()
    {
        using var model = TestModel.Painter();
        using var session = new InferenceSession(model.GraphFile);
        using var memory = TensorMemory.Apart(session);
        using PinnedTensor<float> tensor = memory.Create<float>([4]);
        tensor.Span.Fill(1);
        tensor.Upload();

        Assert.False(tensor.IsShared);
        Assert.Equal([1, 1, 1, 1], tensor.DeviceValue.GetTensorDataAsSpan<float>().ToArray());

        // What the session's side holds is overwritten only after the program wrote again.
        tensor.DeviceValue.GetTensorMutableDataAsSpan<float>().Fill(2);
        tensor.Upload();
        Assert.Equal([2, 2, 2, 2], tensor.DeviceValue.GetTensorDataAsSpan<float>().ToArray());
        tensor.Span[0] = 3;
        tensor.Upload();
        Assert.Equal([3, 1, 1, 1], tensor.DeviceValue.GetTensorDataAsSpan<float>().ToArray());
    }

    /// <summary>The call that copies makes small arrays of handles; nothing grows with the picture.</summary>
    [Fact]
    public void Paint_InMemoryApart_AllocatesHandlesOnly()
    {
        using var model = TestModel.Painter();
        using OnnxPainter painter = Load(model, "apart");
        Assert.InRange(AllocatedPerPicture(painter), 0, 512);
    }

    private static OnnxPainter Load(TestModel model, string way) =>
        OnnxPainter.LoadWith(
            pooled => way == "apart" ? TensorMemory.Apart(pooled.Session) : TensorMemory.Rebound(),
            model.Open(),
            new ExecutionOptions { Prefer = [ExecutionProvider.Cpu], Threads = 1 });

    private static long AllocatedPerPicture(OnnxPainter painter)
    {
        const int Pictures = 50;
        LeasePool<PerceptionFrame> pool = PerceptionFrame.CreatePool(1, TestModel.Width, TestModel.Height);
        Instruction[] asked = [Instruction.MetricDepth()];
        var camera = CameraIntrinsics.FromHorizontalFov(TestModel.Width, TestModel.Height, 60);
        long before = 0;
        for (int i = 0; i < 2 * Pictures; i++)
        {
            if (i == Pictures)
            {
                before = GC.GetAllocatedBytesForCurrentThread();
            }

            Assert.True(pool.TryRent(out PerceptionFrame? frame));
            using (frame)
            {
                frame.Intrinsics = camera;
                painter.Paint(frame, asked);
            }
        }

        return (GC.GetAllocatedBytesForCurrentThread() - before) / Pictures;
    }

    private static PerceptionFrame Picture(int seed)
    {
        PerceptionFrame frame = TestFrames.Gradient();
        byte[] noise = new byte[frame.ColorBytes.Length];
        new Random(seed).NextBytes(noise);
        noise.CopyTo(frame.ColorBytes);
        return frame;
    }
}
