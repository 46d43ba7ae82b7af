using System.Collections.Concurrent;
using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Instructions;
using VisionBanana.Edge.Onnx.Execution;
using VisionBanana.Edge.Onnx.Painting;
using VisionBanana.Edge.Perception;
using VisionBanana.Edge.Tests.Shared;

namespace VisionBanana.Edge.Onnx.Tests.Painting;

/// <summary>The painter's graph takes slot = 63 · channel of the task (see make_graphs.py), so that every painting is known.</summary>
public sealed class OnnxPainterTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private static readonly Rgb24 Cat = new(255, 255, 0), Dog = new(0, 128, 255), Background = new(125, 0, 125);

    private static readonly Instruction Labels = Instruction.Semantic(new LabelPalette(
        [new(0, "cat", Cat), new(1, "dog", Dog), new(2, LabelPalette.BackgroundName, Background)]));

    [Fact]
    public void Load_Painter_DescribesWhatRuns()
    {
        using var model = TestModel.Painter();
        using OnnxPainter painter = model.Load();

        Assert.Equal("test-model", painter.Description.Name);
        Assert.Equal("cpu", painter.Description.Provider);
        Assert.Equal(model.Open().Manifest.Files[0].Sha256, painter.Description.Sha256);
        Assert.Equal((32, 24), (painter.Description.Width, painter.Description.Height));
        Assert.Equal(60.0, painter.Description.HorizontalFovDegrees);
        Assert.Equal([PerceptKind.Depth, PerceptKind.Labels, PerceptKind.Normals, PerceptKind.Mask], painter.Description.Kinds.AsEnumerable());
        Assert.Equal(["other", "cat", "dog", "bird"], painter.Description.Classes.Select(c => c.Name));
    }

    [Fact]
    public void Paint_Depth_WalksThroughTheRainbowFromLeftToRight()
    {
        using var model = TestModel.Painter();
        using OnnxPainter painter = model.Load();
        using PerceptionFrame frame = TestFrames.Gradient();

        painter.Paint(frame, [Instruction.MetricDepth()]);

        Percept depth = frame.Find(PerceptKind.Depth)!;
        for (int x = 0; x < TestModel.Width; x++)
        {
            Assert.Equal(Rainbow(frame.Color[x].R / 255.0), depth.Painting[x]);
        }

        Assert.False(depth.PainterGaveValues);
    }

    [Fact]
    public void Paint_ConfidenceOutput_IsCopied()
    {
        using var model = TestModel.Painter();
        using OnnxPainter painter = model.Load();
        using PerceptionFrame frame = TestFrames.Gradient();

        painter.Paint(frame, [Instruction.MetricDepth(), Labels]);

        foreach (PerceptKind kind in (PerceptKind[])[PerceptKind.Depth, PerceptKind.Labels])
        {
            Percept percept = frame.Find(kind)!;
            Assert.True(percept.PainterGaveConfidence);
            for (int i = 0; i < percept.Confidence.Length; i++)
            {
                Assert.Equal(1 - (frame.Color[i].R / 510f), percept.Confidence[i], 1e-5f);
            }
        }
    }

    [Fact]
    public void Paint_NoConfidenceOutput_LeavesItToTheCodec()
    {
        using var model = TestModel.Painter(
            y => y.Replace(", confidence: confidence", "", StringComparison.Ordinal).Replace(" geometry: geometry,", "", StringComparison.Ordinal),
                "painter_plain");
        using OnnxPainter painter = model.Load();
        using PerceptionFrame frame = TestFrames.Gradient();

        painter.Paint(frame, [Instruction.MetricDepth()]);

        Assert.False(frame.Find(PerceptKind.Depth)!.PainterGaveConfidence);
        Assert.Equal(Rainbow(1), frame.Find(PerceptKind.Depth)!.Painting[TestModel.Width - 1]);
    }

    [Fact]
    public void Paint_Labels_TakesTheColoursAskedAndTheBackgroundForTheRest()
    {
        using var model = TestModel.Painter();
        using OnnxPainter painter = model.Load();
        var expected = new Dictionary<int, Rgb24> { [0] = Background, [1] = Cat, [2] = Dog, [3] = Background, [40] = Background };

        foreach ((int slot, Rgb24 colour) in expected)
        {
            using PerceptionFrame frame = FrameOfSlot(slot, PerceptKind.Labels);
            painter.Paint(frame, [Labels]);
            AssertNear(colour, frame.Find(PerceptKind.Labels)!.Painting[100], 255 * 0.15);
        }
    }

    [Fact]
    public void Paint_LabelsWithoutBackground_PaintsTheRestFarFromEveryColourAsked()
    {
        using var model = TestModel.Painter();
        using OnnxPainter painter = model.Load();
        var palette = new LabelPalette([new(0, "cat", Cat), new(1, "dog", Dog)]);
        using PerceptionFrame frame = FrameOfSlot(40, PerceptKind.Labels);

        painter.Paint(frame, [Instruction.Semantic(palette)]);

        Assert.Equal(palette.RemainderColour, frame.Find(PerceptKind.Labels)!.Painting[100]);
        Assert.All(palette, e => Assert.True(Rgb24.SquaredDistance(e.Colour, palette.RemainderColour) > 100 * 100));
    }

    [Fact]
    public void Paint_Normals_TakesTheColoursOfTheDirections()
    {
        using var model = TestModel.Painter();
        using OnnxPainter painter = model.Load();
        using PerceptionFrame facing = FrameOfSlot(0, PerceptKind.Normals);
        using PerceptionFrame edge = FrameOfSlot(63, PerceptKind.Normals);

        painter.Paint(facing, [Instruction.SurfaceNormals()]);
        painter.Paint(edge, [Instruction.SurfaceNormals()]);

        // Direction 0 is (0, 0, 1); direction 63 is (cos 63, sin 63, 0).
        Assert.Equal(new Rgb24(128, 128, 255), facing.Find(PerceptKind.Normals)!.Painting[0]);
        var last = new Rgb24(
            (byte)((255 * (1 - Math.Cos(63)) / 2) + 0.5), (byte)((255 * (1 + Math.Sin(63)) / 2) + 0.5), 128);
        Assert.Equal(last, edge.Find(PerceptKind.Normals)!.Painting[0]);
    }

    [Theory]
    [InlineData("dog")]
    [InlineData("the Dog")]
    public void Paint_PhraseOfAClass_PaintsItsAreaOnBlack(string phrase)
    {
        using var model = TestModel.Painter();
        using OnnxPainter painter = model.Load();
        Instruction refer = Instruction.Refer(phrase, new Rgb24(255, 255, 255));
        using PerceptionFrame dog = FrameOfSlot(2, PerceptKind.Labels);
        using PerceptionFrame bird = FrameOfSlot(3, PerceptKind.Labels);

        painter.Paint(dog, [refer]);
        painter.Paint(bird, [refer]);

        AssertNear(new Rgb24(255, 255, 255), dog.Find(PerceptKind.Mask)!.Painting[7], 255 * 0.15);
        AssertNear(default, bird.Find(PerceptKind.Mask)!.Painting[7], 255 * 0.15);
    }

    [Fact]
    public void Paint_SeveralInstructions_EqualsOneByOne()
    {
        using var model = TestModel.Painter();
        using OnnxPainter painter = model.Load();
        Instruction[] all = [Instruction.MetricDepth(), Labels, Instruction.SurfaceNormals(), Instruction.Refer("cat", Cat)];
        for (int count = 1; count <= all.Length; count++)
        {
            using PerceptionFrame together = TestFrames.Gradient();
            painter.Paint(together, all[..count]);
            foreach (Instruction instruction in all[..count])
            {
                using PerceptionFrame alone = TestFrames.Gradient();
                painter.Paint(alone, [instruction]);
                Percept one = alone.Find(instruction.Kind)!, many = together.Find(instruction.Kind)!;
                Assert.True(one.PaintingBytes.SequenceEqual(many.PaintingBytes), $"{count}: {instruction.Kind}");
                Assert.True(one.Confidence.SequenceEqual(many.Confidence), $"{count}: {instruction.Kind}");
                Assert.Same(instruction, many.Instruction);
            }
        }
    }

    [Fact]
    public void Paint_ChangingInstructions_AnswersTheOnesAsked()
    {
        using var model = TestModel.Painter();
        using OnnxPainter painter = model.Load();
        for (int round = 0; round < 3; round++)
        {
            for (int i = 0; i < 80; i++)
            {
                var colour = new Rgb24((byte)(i * 3), (byte)(255 - i), 77);
                using PerceptionFrame frame = FrameOfSlot(1, PerceptKind.Labels);
                painter.Paint(frame, [Instruction.Semantic(new LabelPalette([new(0, "cat", colour), new(1, "background", new Rgb24(1, 1, 1))]))]);
                AssertNear(colour, frame.Find(PerceptKind.Labels)!.Painting[3], 255 * 0.15);
            }
        }
    }

    [Fact]
    public void WhyNot_InstancesOfAnotherClass_NamesThoseThatItKnows()
    {
        using var model = TestModel.Instances();
        using OnnxPainter painter = model.Load();

        Assert.Null(painter.WhyNot(Instruction.Instances("the cat", default)));
        string? reason = painter.WhyNot(Instruction.Instances("bird", default));
        Assert.Contains("'bird' is none of them; it knows: cat, dog", reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Paint_SupportThatChanges_IsToldToTheGraphEveryTime()
    {
        // The graph adds x of the up vector to every slot.
        using var model = TestModel.Painter();
        using OnnxPainter painter = model.Load();
        foreach (double up in (ReadOnlySpan<double>)[0, 1, -1, 0])
        {
            using PerceptionFrame frame = TestFrames.Plain(new Rgb24(124, 0, 0));
            frame.Support = up == 0 ? null : new SupportPlane(up, 0, 0, 1);
            painter.Paint(frame, [Instruction.MetricDepth()]);
            Rgb24 expected = Rainbow((124 / 255.0) + (up / 63));
            AssertNear(expected, frame.Find(PerceptKind.Depth)!.Painting[5], 1);
        }
    }

    [Fact]
    public void Paint_UsesFocal_ScalesTheDepthWithTheFocalLength()
    {
        using var model = TestModel.Painter(usesFocal: true);
        using OnnxPainter painter = model.Load();
        using PerceptionFrame near = TestFrames.Gradient(new CameraIntrinsics(32, 24, 10, 10, 15.5, 11.5));

        painter.Paint(near, [Instruction.MetricDepth()]);

        // f / f_c = 10 / 20: the graph multiplies the slot with it.
        Assert.Equal(Rainbow(0.5), near.Find(PerceptKind.Depth)!.Painting[TestModel.Width - 1]);
        Assert.Null(painter.Description.HorizontalFovDegrees);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Paint_DepthWithoutIntrinsics_RefusesMetres(bool usesFocal)
    {
        using var model = TestModel.Painter(usesFocal: usesFocal);
        using OnnxPainter painter = model.Load();
        using PerceptionFrame frame = TestFrames.Gradient();
        frame.Intrinsics = null;

        var error = Assert.Throws<InferenceException>(() => painter.Paint(frame, [Instruction.MetricDepth()]));

        Assert.Contains("--hfov", error.Message, StringComparison.Ordinal);
        painter.Paint(frame, [Labels]);
        Assert.NotNull(frame.Find(PerceptKind.Labels));
        Assert.Null(frame.Find(PerceptKind.Depth));
    }

    [Fact]
    public void Paint_PictureOfAnotherFieldOfView_ScalesTheDepthWithTheFocalLength()
    {
        using var model = TestModel.Painter();
        using OnnxPainter painter = model.Load();
        using PerceptionFrame frame = TestFrames.Gradient(CameraIntrinsics.FromHorizontalFov(32, 24, 75));

        painter.Paint(frame, [Instruction.MetricDepth()]);

        // The model's own view has 60°: what is seen in 75° looks smaller, and is nearer than it looks.
        double ratio = Math.Tan(double.DegreesToRadians(30)) / Math.Tan(double.DegreesToRadians(37.5));
        Rgb24 expected = Rainbow(ratio), painted = frame.Find(PerceptKind.Depth)!.Painting[TestModel.Width - 1];
        Assert.True(Math.Abs(expected.R - painted.R) <= 1 && Math.Abs(expected.G - painted.G) <= 1 && Math.Abs(expected.B - painted.B) <= 1, $"{painted}");
    }

    [Fact]
    public void Paint_PictureOfAnotherSize_SaysWhichSizeIsExpected()
    {
        using var model = TestModel.Painter();
        using OnnxPainter painter = model.Load();
        using PerceptionFrame frame = TestFrames.Gradient(width: 64, height: 48);

        Assert.Contains("32×24, found 64×48", Assert.Throws<InferenceException>(() => painter.Paint(frame, [Labels])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WhyNot_UnknownClass_ListsTheKnownOnes()
    {
        using var model = TestModel.Painter();
        using OnnxPainter painter = model.Load();

        string? why = painter.WhyNot(Instruction.Semantic(new LabelPalette([new(0, "cat", Cat), new(1, "unicorn", Dog)])));

        Assert.Contains("'unicorn'", why, StringComparison.Ordinal);
        Assert.DoesNotContain("'cat'", why, StringComparison.Ordinal);
        Assert.Contains("other, cat, dog, bird", why, StringComparison.Ordinal);
        Assert.Null(painter.WhyNot(Labels));
        Assert.Null(painter.WhyNot(Instruction.MetricDepth()));
    }

    [Fact]
    public void WhyNot_Instances_OffersWhatTheModelCanDo()
    {
        using var model = TestModel.Painter();
        using OnnxPainter painter = model.Load();

        Assert.Contains("no instance task", painter.WhyNot(Instruction.Instances("cat", Cat)), StringComparison.Ordinal);
        Assert.Contains("other, cat, dog, bird", painter.WhyNot(Instruction.Refer("man in pink", Cat)), StringComparison.Ordinal);
    }

    [Fact]
    public void Paint_WhatWhyNotRefuses_ThrowsTheSameReasonAndLeavesTheFrameEmpty()
    {
        using var model = TestModel.Painter();
        using OnnxPainter painter = model.Load();
        using PerceptionFrame frame = TestFrames.Gradient();
        Instruction instances = Instruction.Instances("cat", Cat);

        var error = Assert.Throws<InferenceException>(() => painter.Paint(frame, [Labels, instances]));

        Assert.Equal(painter.WhyNot(instances), error.Message);
        Assert.Null(frame.Find(PerceptKind.Labels));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Paint_SteadyState_AllocatesNothing(int count)
    {
        using var model = TestModel.Painter();
        using OnnxPainter painter = model.Load(new ExecutionOptions { Prefer = [ExecutionProvider.Cpu], Threads = 2 });
        Instruction[] instructions = [.. ((Instruction[])[Instruction.MetricDepth(), Labels, Instruction.SurfaceNormals()]).Take(count)];

        AssertNoAllocation(painter, instructions);
    }

    [Fact]
    public void Paint_FromThreadsThatWaitForEachOther_AllocatesNothing()
    {
        using var model = TestModel.Painter();
        var failures = new ConcurrentBag<Exception>();
        using var turn = new SemaphoreSlim(1);
        using var start = new Barrier(4);
        Thread[] threads = [.. Enumerable.Range(0, start.ParticipantCount).Select(_ => new Thread(() =>
        {
            try
            {
                // Made and warmed one by one: the first wait of all is a measured one.
                turn.Wait(Limit);
                using OnnxPainter painter = model.Load(new ExecutionOptions { Prefer = [ExecutionProvider.Cpu], Threads = 1 });
                AssertNoAllocation(painter, [Instruction.MetricDepth()], () =>
                {
                    turn.Release();
                    start.SignalAndWait(Limit);
                });
            }
            catch (Exception e)
            {
                failures.Add(e);
            }
        }))];

        Array.ForEach(threads, t => t.Start());
        Array.ForEach(threads, t => t.Join());

        Assert.Empty(failures);
    }

    internal static void AssertNoAllocation(OnnxPainter painter, Instruction[] instructions, Action? onceWarm = null)
    {
        var pool = PerceptionFrame.CreatePool(1, TestModel.Width, TestModel.Height);
        var intrinsics = CameraIntrinsics.FromHorizontalFov(TestModel.Width, TestModel.Height, 60);
        Loop(20);
        onceWarm?.Invoke();
        Assert.Equal(0, Allocation.Of(() => Loop(500)));

        void Loop(int rounds)
        {
            for (int i = 0; i < rounds; i++)
            {
                pool.TryRent(out PerceptionFrame? frame);
                frame!.Intrinsics = intrinsics;
                frame.Color.Fill(new Rgb24((byte)i, 10, 20));
                painter.Paint(frame, instructions);
                frame.Dispose();
            }
        }
    }

    private static PerceptionFrame FrameOfSlot(int slot, PerceptKind kind)
    {
        byte value = (byte)Math.Round(slot * 255 / 63.0);
        return TestFrames.Plain(kind == PerceptKind.Labels ? new Rgb24(0, value, 0) : new Rgb24(0, 0, value));
    }

    private static void AssertNear(Rgb24 expected, Rgb24 actual, double perChannel)
    {
        // A byte does not fall on a slot exactly: the graph blends up to 1/8 of the neighbour in.
        Assert.True(
            Math.Abs(expected.R - actual.R) <= perChannel && Math.Abs(expected.G - actual.G) <= perChannel && Math.Abs(expected.B - actual.B) <= perChannel,
            $"expected {expected}, found {actual}");
    }

    private static Rgb24 Rainbow(double u)
    {
        int[,] corners = { { 0, 0, 0 }, { 1, 0, 0 }, { 1, 1, 0 }, { 0, 1, 0 }, { 0, 1, 1 }, { 0, 0, 1 }, { 1, 0, 1 }, { 1, 1, 1 } };
        int s = Math.Min((int)(7 * u), 6);
        double t = (7 * u) - s;
        return new Rgb24(Channel(0), Channel(1), Channel(2));

        byte Channel(int c) => (byte)((255 * (corners[s, c] + (t * (corners[s + 1, c] - corners[s, c])))) + 0.5);
    }
}
