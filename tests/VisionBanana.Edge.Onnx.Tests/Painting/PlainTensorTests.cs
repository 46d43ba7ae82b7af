using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Instructions;
using VisionBanana.Edge.Onnx.Painting;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Onnx.Tests.Painting;

/// <summary>Models that answer with numbers instead of a painting.</summary>
public sealed class PlainTensorTests
{
    [Fact]
    public void Paint_MetricDepth_IsResizedToTheNearestAndMarksHoles()
    {
        using var model = TestModel.MetricDepth();
        using OnnxPainter painter = model.Load();
        using PerceptionFrame frame = TestFrames.Gradient();

        painter.Paint(frame, [Instruction.MetricDepth()]);

        Percept depth = frame.Find(PerceptKind.Depth)!;
        Assert.True(depth.PainterGaveValues);
        Assert.False(depth.PainterGaveConfidence);
        Assert.True(float.IsNaN(depth.Depth[0]) && float.IsNaN(depth.Depth[1]) && float.IsNaN(depth.Depth[TestModel.Width + 1]));
        for (int x = 2; x < TestModel.Width; x++)
        {
            // depth = 1 + 4 · red, averaged over blocks of 2 × 2.
            float red = (frame.Color[x & ~1].R + frame.Color[x | 1].R) / 510f;
            Assert.Equal(1 + (4 * red), depth.Depth[x], 1e-4f);
        }
    }

    [Fact]
    public void Paint_MetricDepthWithConfidenceScaleAndFocal_AppliesAllOfThem()
    {
        using var model = TestModel.Plain(
            "metric_depth_confidence", "kind: metric_depth, tensor: depth, confidence: confidence, scale: 10", usesFocal: true);
        using OnnxPainter painter = model.Load();
        using PerceptionFrame frame = TestFrames.Gradient(new CameraIntrinsics(32, 24, 30, 30, 15.5, 11.5));

        painter.Paint(frame, [Instruction.MetricDepth()]);

        Percept depth = frame.Find(PerceptKind.Depth)!;
        float red = (frame.Color[10].R + frame.Color[11].R) / 510f;
        Assert.Equal(10 * (30 / 20f) * (1 + (4 * red)), depth.Depth[10], 1e-3f);
        Assert.Equal(red, depth.Confidence[10], 1e-5f);
        Assert.True(depth.PainterGaveConfidence);
    }

    [Fact]
    public void Paint_InverseDepthOfOpenSize_BecomesMetres()
    {
        using var model = TestModel.Plain("inverse_depth", "kind: inverse_depth, tensor: disparity, scale: 2, shift: -0.5");
        using OnnxPainter painter = model.Load();
        using PerceptionFrame frame = TestFrames.Gradient();

        painter.Paint(frame, [Instruction.MetricDepth()]);

        Percept depth = frame.Find(PerceptKind.Depth)!;
        Assert.Equal(float.PositiveInfinity, depth.Depth[0]);
        for (int y = 0; y < TestModel.Height; y++)
        {
            float inverse = (2 * frame.Color[y * TestModel.Width].G / 255f) - 0.5f;
            float found = depth.Depth[y * TestModel.Width];
            Assert.Equal(inverse <= 0 ? float.PositiveInfinity : 1 / inverse, found, 1e-3f);
        }
    }

    [Fact]
    public void Paint_ClassLogits_TakesTheBestClassAndItsSoftmax()
    {
        using var model = TestModel.ClassLogits();
        using OnnxPainter painter = model.Load();
        var palette = new LabelPalette([new(7, "red thing", new Rgb24(255, 0, 0)), new(9, "dark thing", new Rgb24(1, 1, 1))]);
        var pictures = new (Rgb24 Colour, ushort Label)[]
        {
            (new Rgb24(255, 0, 0), 7),
            (new Rgb24(0, 255, 0), LabelPlane.Unknown), // green thing: not asked for
            (new Rgb24(0, 0, 255), LabelPlane.Unknown), // channel 2 has no name
            (new Rgb24(20, 20, 20), 9),
        };

        foreach ((Rgb24 colour, ushort label) in pictures)
        {
            using PerceptionFrame frame = TestFrames.Plain(colour);
            painter.Paint(frame, [Instruction.Semantic(palette)]);
            Percept labels = frame.Find(PerceptKind.Labels)!;
            Assert.All(labels.Labels.ToArray(), l => Assert.Equal(label, l));
            double[] scores = [colour.R / 25.5, colour.G / 25.5, colour.B / 25.5, 4.5, 0];
            double expected = Math.Exp(scores.Max()) / scores.Sum(Math.Exp);
            Assert.All(labels.Confidence.ToArray(), c => Assert.Equal(expected, c, 1e-4));
            Assert.True(labels.PainterGaveValues && labels.PainterGaveConfidence);
        }
    }

    [Fact]
    public void Paint_ClassLogitsWithBackground_GivesTheRestToIt()
    {
        using var model = TestModel.ClassLogits();
        using OnnxPainter painter = model.Load();
        using PerceptionFrame frame = TestFrames.Plain(new Rgb24(0, 255, 0));

        painter.Paint(
            frame, [Instruction.Semantic(new LabelPalette([new(7, "red thing", new Rgb24(255, 0, 0)), new(4, "background", default)])),
                Instruction.Refer("green thing", new Rgb24(9, 9, 9))]);

        Assert.All(frame.Find(PerceptKind.Labels)!.Labels.ToArray(), l => Assert.Equal(4, l));
        Assert.All(frame.Find(PerceptKind.Mask)!.Labels.ToArray(), l => Assert.Equal(1, l));
    }

    [Fact]
    public void Paint_ClassLogitsOfAPicture_FindsTheBordersWhereTheyAre()
    {
        using var model = TestModel.ClassLogits();
        using OnnxPainter painter = model.Load();
        using PerceptionFrame frame = TestFrames.Plain(new Rgb24(0, 255, 0));
        for (int y = 0; y < TestModel.Height; y++)
        {
            frame.Color.Slice(y * TestModel.Width, 14).Fill(new Rgb24(255, 0, 0));
        }

        painter.Paint(frame, [Instruction.Semantic(new LabelPalette([new(0, "red thing", new Rgb24(255, 0, 0)),
            new(1, "green thing", new Rgb24(0, 255, 0))]))]);

        Span<ushort> labels = frame.Find(PerceptKind.Labels)!.Labels;
        for (int i = 0; i < labels.Length; i++)
        {
            Assert.Equal(i % TestModel.Width < 14 ? 0 : 1, labels[i]);
        }
    }

    [Fact]
    public void WhyNot_OtherKinds_NamesWhatTheModelIsNotMadeFor()
    {
        using var depth = TestModel.MetricDepth();
        using var logits = TestModel.ClassLogits();
        using OnnxPainter depthPainter = depth.Load(), logitsPainter = logits.Load();

        Assert.Contains("not made for normals", depthPainter.WhyNot(Instruction.SurfaceNormals()), StringComparison.Ordinal);
        Assert.Contains("not made for depth", logitsPainter.WhyNot(Instruction.MetricDepth()), StringComparison.Ordinal);
        Assert.Contains("red thing, green thing, dark thing", logitsPainter.WhyNot(Instruction.Refer("cat", new Rgb24(1, 1, 1))), StringComparison.Ordinal);
    }

    [Fact]
    public void Paint_WhatWhyNotRefuses_LeavesTheFrameEmpty()
    {
        using var depth = TestModel.MetricDepth();
        using var logits = TestModel.ClassLogits();
        using OnnxPainter depthPainter = depth.Load(), logitsPainter = logits.Load();
        using PerceptionFrame frame = TestFrames.Gradient();

        Assert.Throws<InferenceException>(() => depthPainter.Paint(frame, [Instruction.MetricDepth(), Instruction.SurfaceNormals()]));
        Assert.Throws<InferenceException>(() => logitsPainter.Paint(
            frame, [Instruction.Semantic(logitsPainter.Description.Classes), Instruction.Refer("cat", new Rgb24(1, 1, 1))]));

        Assert.All(Enum.GetValues<PerceptKind>(), kind => Assert.Null(frame.Find(kind)));
    }

    [Fact]
    public void Paint_PlainTensors_AllocateNothing()
    {
        using var depth = TestModel.MetricDepth();
        using var logits = TestModel.ClassLogits();
        using OnnxPainter depthPainter = depth.Load(), logitsPainter = logits.Load();

        OnnxPainterTests.AssertNoAllocation(depthPainter, [Instruction.MetricDepth()]);
        OnnxPainterTests.AssertNoAllocation(logitsPainter, [Instruction.Semantic(logitsPainter.Description.Classes)]);
    }

    [Fact]
    public void Load_AnswerOfTheWrongShape_IsFoundBeforeTheFirstFrame()
    {
        using var model = TestModel.Plain("wrong_runtime_shape", "kind: metric_depth, tensor: depth");

        var error = Assert.Throws<ModelContractException>(() => model.Load());

        Assert.Contains("[1,6,24,32]", error.Message, StringComparison.Ordinal);
    }
}
