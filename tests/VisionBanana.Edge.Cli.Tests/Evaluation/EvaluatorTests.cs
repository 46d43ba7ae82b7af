using VisionBanana.Edge.Cli.Evaluation;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Onnx.Painting;
using VisionBanana.Edge.Onnx.Tests;

namespace VisionBanana.Edge.Cli.Tests.Evaluation;

/// <summary>Whole measurements with painters whose answers are known (make_graphs.py): red is depth, green the class, blue the normal.</summary>
public sealed class EvaluatorTests
{
    private const int Near = 60, Far = 90;

    /// <summary>63 · 4 = 252 of 255: slot k is painted for the channel 4 k, pure enough to decode.</summary>
    private static byte Slot(int k) => (byte)Math.Round(k * 255 / 63.0);

    private static int Red(int x, int y) => y < TestDataset.Height / 2 ? Near : Far;

    [Fact]
    public void Depth_TenPercentTooFar_HasTheFiguresOfThat()
    {
        using var data = new TestDataset();
        data.Add("a", (x, y) => new Rgb24((byte)Red(x, y), 0, 0), (x, y) => TestDataset.DepthOf(Red(x, y)) / 1.1);
        data.Add("b", (x, y) => new Rgb24(Near, 0, 0), (_, _) => TestDataset.DepthOf(Near) / 1.1);

        EvalReport report = Run(data);

        Assert.Equal((2, 0, 1.0), (report.Pictures, report.Skipped, report.Coverage));
        Assert.Equal(0.1, report.AbsRel, 0.004);
        Assert.Equal(1, report.Delta1);
        Assert.Equal(0, report.AbsRelAligned, 0.004);
        Assert.Equal(1, report.Delta1Aligned);
        Assert.Equal(Math.Log(1.1), report.LogScale, 0.004);
        Assert.Equal(0, report.LogScaleSpread, 0.004);
        double near = TestDataset.DepthOf(Near) / 1.1, far = TestDataset.DepthOf(Far) / 1.1;
        double both = Math.Sqrt(((near * near) + (far * far)) / 2) / 10, alone = near / 10;
        Assert.Equal((both + alone) / 2, report.Rmse, 0.01);

        // Three quarters of the pixels are near ones: the best constant is their depth, wrong by the ratio in a quarter of them.
        Assert.Equal(near, report.ConstantM, 0.002);
        Assert.Equal(Math.Abs(near - far) / far / 4, report.AbsRelBaseline, 0.004);
        Assert.Equal(0.75, report.Delta1Baseline, 1e-9);
    }

    [Fact]
    public void Depth_FarHalfWrongAndLessSure_IsFoundByConfidence()
    {
        // The painter's confidence is 1 − red / 2: it is less sure of what it paints far.
        using var data = new TestDataset();
        data.Add("a", (x, y) => new Rgb24((byte)Red(x, y), 0, 0), (x, y) => TestDataset.DepthOf(Red(x, y)) * (Red(x, y) == Far ? 1.5 : 1));

        EvalReport report = Run(data);

        Assert.Equal(1, report.ConfidenceAuc, 1e-9);
        Assert.Equal(1.0 / 6, report.AbsRel, 0.004);
        Assert.Equal(0.5, report.Delta1, 1e-9);

        // A tenth of all is a fifth of the far half, whose pixels are all equally sure: four fifths of it stay.
        Assert.Equal(0.4 / 0.9 / 3, report.AbsRelConfident90, 0.004);
        Assert.Equal(report.AbsRelConfident90, report.AbsRelBest90, 0.004);
    }

    [Fact]
    public void Depth_LeastSureTenthWrong_IsRemoved()
    {
        // 3 of 32 columns are far, less sure and wrong: just under a tenth.
        using var data = new TestDataset();
        static int Of(int x) => x >= 29 ? Far : Near;
        data.Add("a", (x, _) => new Rgb24((byte)Of(x), 0, 0), (x, _) => TestDataset.DepthOf(Of(x)) * (Of(x) == Far ? 2 : 1));

        EvalReport report = Run(data);

        Assert.Equal(3 / 32.0 / 2, report.AbsRel, 0.004);
        Assert.Equal(0, report.AbsRelConfident90, 0.004);

        // Within 3 pixels of the edge are 3 right columns and the 3 wrong ones; across a jump of depth.
        Assert.Equal(0.5, report.Delta1Edges, 1e-9);
    }

    [Fact]
    public void Depth_OnePictureWrongAndLessSure_GoesAsAWhole()
    {
        // Nine pictures are near, sure and right; the tenth is far, less sure and wrong: it is a tenth of the set.
        using var data = new TestDataset();
        for (int i = 0; i < 10; i++)
        {
            int red = i == 9 ? Far : Near;
            data.Add($"{i}", (_, _) => new Rgb24((byte)red, 0, 0), (_, _) => TestDataset.DepthOf(red) * (red == Far ? 2 : 1));
        }

        EvalReport report = Run(data);

        Assert.Equal(0.05, report.AbsRel, 0.004);
        Assert.Equal((0, 0), (Math.Round(report.AbsRelConfident90, 2), Math.Round(report.AbsRelBest90, 2)));
        Assert.Equal(0, report.AbsRelAlignedConfident90, 0.004);
    }

    [Fact]
    public void Depth_HolesAndMasks_AreNotMeasured()
    {
        using var data = new TestDataset();
        data.Add("a", (_, _) => new Rgb24(Near, 0, 0), (x, _) => x < 16 ? 0 : TestDataset.DepthOf(Near));
        data.Add("b", (_, _) => new Rgb24(Near, 0, 0), (_, _) => 0);

        EvalReport report = Run(data);

        Assert.Equal((1, 1), (report.Pictures, report.Skipped));
        Assert.Equal(0, report.AbsRel, 0.004);
    }

    [Fact]
    public void Depth_MeanDepth_IsMeasuredAsABaseline()
    {
        using var data = new TestDataset();
        data.Add("a", (_, _) => new Rgb24(Near, 0, 0), (_, _) => 2);
        float[] mean = new float[TestDataset.Width * TestDataset.Height];
        Array.Fill(mean, 3);

        EvalReport report = Run(data, new EvalOptions { MeanDepth = mean });

        Assert.Equal((0.5, 0.0), (report.AbsRelMeanDepth, report.Delta1MeanDepth));
        Assert.Equal((0.0, 1.0), (report.AbsRelAlignedMeanDepth, report.Delta1AlignedMeanDepth));
    }

    [Fact]
    public void Labels_QuarterWrong_HasTheIouOfThat()
    {
        // Classes of the dataset have other ids than the model's; 'fish' is unknown to it, id 9 has no name.
        using var data = new TestDataset("labels: classes\nclasses: [{id: 5, name: cat}, {id: 6, name: dog}, {id: 7, name: fish}]\n");
        data.Add(
            "a",
            (x, _) => new Rgb24(Near, Slot(x < 16 ? 1 : 2), 0),
            (_, _) => TestDataset.DepthOf(Near),
            (x, y) => y == 0 ? 9 : y == 1 ? 7 : x < 8 ? 5 : 6);

        EvalReport report = Run(data);

        Assert.Equal(8 / 16.0, report.Iou["cat"], 1e-9);
        Assert.Equal(16 / 24.0, report.Iou["dog"], 1e-9);
        Assert.Equal(["cat", "dog"], report.Iou.Keys);
        Assert.Equal((0.5 + (2 / 3.0)) / 2, report.Miou, 1e-9);
        Assert.True(double.IsNaN(report.ObjectIou));
    }

    [Fact]
    public void Labels_ObjectsOnASupport_CountWithoutIt()
    {
        // 1 is the largest: the support. 20 and 21 are objects; the painter finds the first and as much beside it.
        using var data = new TestDataset("object_class: dog\nid_step: 10\n");
        data.Add(
            "a",
            (x, _) => new Rgb24(Near, Slot(x is >= 4 and < 12 ? 2 : 1), 0),
            (_, _) => TestDataset.DepthOf(Near),
            (x, _) => x switch { >= 4 and < 8 => 20, >= 28 => 21, _ => 1 });

        EvalReport report = Run(data);

        Assert.Equal(4 / 12.0, report.ObjectIou, 1e-9);
        Assert.True(double.IsNaN(report.Miou));
        Assert.True(double.IsNaN(report.InstanceAp));
    }

    [Fact]
    public void Instances_OneOfTwoFound_HasHalfOfThePrecision()
    {
        // The painter tells cats apart by their cells in blue; it sees the left one, and none of the right one.
        using var data = new TestDataset("object_class: cat\nid_step: 10\n");
        data.Add(
            "a",
            (x, y) => new Rgb24(Near, Slot(x < 8 && y < 12 ? 1 : 0), Slot(20)),
            (_, _) => TestDataset.DepthOf(Near),
            (x, y) => y < 12 && x < 8 ? 20 + (x % 3) : y < 12 && x > 24 ? 30 : 1);
        using var model = TestModel.Instances();

        EvalReport report = Run(data, model: model);

        Assert.Equal(51 / 101.0, report.InstanceAp50, 1e-9);
        Assert.Equal(51 / 101.0, report.InstanceAp, 1e-9);
    }

    [Fact]
    public void Normals_OfAWallAcross_FaceTheCamera()
    {
        // Slot 0 of the painter's directions is (0, 0, 1): towards the viewer. A picture of one depth is a wall across.
        using var data = new TestDataset();
        data.Add("a", (_, _) => new Rgb24(Near, 0, 0), (_, _) => 2);

        EvalReport report = Run(data);

        Assert.InRange(report.NormalMedianDeg, 0, 1);
        Assert.Equal(1, report.NormalWithin22);
    }

    [Fact]
    public void Zoom_OfAPainterThatReadsColourAlone_IsTheFocalRatio()
    {
        // The graph says 1 + 4 · red whatever the size of things: with the focal length it is twice as far in a crop of half the width.
        using var data = new TestDataset();
        data.Add("a", (x, _) => new Rgb24((byte)(x * 4), 0, 0), (x, _) => 1 + (4 * x * 4 / 255.0));
        using var focal = TestModel.MetricDepth(usesFocal: true);
        using var view = TestModel.MetricDepth();

        EvalReport scaled = Run(data, new EvalOptions { Zooms = [2, 0.5] }, focal), stated = Run(data, new EvalOptions { Zooms = [2] }, view);

        Assert.Equal([(2.0, "as_run"), (0.5, "as_run")], scaled.Zoom.Select(z => (z.Factor, z.Mode)));
        Assert.Equal(Math.Log(2), scaled.Zoom[0].LogRatioMedian, 0.02);
        Assert.Equal(0, scaled.Zoom[1].LogRatioMedian, 0.02);
        Assert.Equal([(2.0, "as_run"), (2.0, "enlarged")], stated.Zoom.Select(z => (z.Factor, z.Mode)));
        Assert.Equal(0, stated.Zoom[0].LogRatioMedian, 0.02);
        Assert.Equal(Math.Log(2), stated.Zoom[1].LogRatioMedian, 0.02);
        Assert.Equal(0, stated.Zoom[0].LogRatioSpread, 1e-6);
    }

    [Fact]
    public void Flicker_OfAStaticClip_IsTheSpreadOfItsDepths()
    {
        using var data = new TestDataset("static: true\n");
        foreach ((string name, int red) in new[] { ("a", Near), ("b", Far), ("c", Near), ("d", Far) })
        {
            data.Add(name, (_, _) => new Rgb24((byte)red, 0, 0), (_, _) => 2);
        }

        EvalReport report = Run(data, new EvalOptions { Flicker = true });

        double expected = Math.Log(TestDataset.DepthOf(Far) / TestDataset.DepthOf(Near)) / 2;
        Assert.Equal(("static_pictures", 4), (report.Flicker!.Kind, report.Flicker.Pictures));
        Assert.Equal(expected, report.Flicker.LogStdMean, 0.004);
        Assert.Equal(expected, report.Flicker.LogStdP95, 0.004);
    }

    [Fact]
    public void Flicker_WithoutAClip_IsMeasuredWithNoise()
    {
        using var data = new TestDataset();
        data.Add("a", (_, _) => new Rgb24(Near, 0, 0), (_, _) => 2);

        EvalReport report = Run(data, new EvalOptions { Flicker = true });

        // σ = 3 of 255 on a block of 2 × 2 is 1.5; a step of red is that much of log depth.
        double perStep = Math.Log(TestDataset.DepthOf(Near + 1) / TestDataset.DepthOf(Near));
        Assert.Equal(("noise", 1), (report.Flicker!.Kind, report.Flicker.Pictures));
        Assert.Equal(1.5 * perStep, report.Flicker.LogStdMean, 0.3 * perStep);
    }

    [Theory]
    [InlineData(GeometryUse.None, 0)]
    [InlineData(GeometryUse.Up, 1)]
    [InlineData(GeometryUse.Plane, 1)]
    public void Geometry_OfThePicture_ReachesThePainter(object use, int slots)
    {
        // The test painter adds x of the up vector to every slot; 4.05 of red are one slot.
        using var data = new TestDataset("geometries:\n  - {picture: a, up: [1, 0, 0], height_m: 1.5}\n");
        double depth = VisionBanana.Edge.Codecs.DepthCodec.UToDepth((Near / 255.0) + (slots / 63.0));
        data.Add("a", (_, _) => new Rgb24(Near, 0, 0), (_, _) => depth);

        EvalReport report = Run(data, new EvalOptions { Geometry = (GeometryUse)use });

        Assert.Equal(0, report.AbsRel, 0.004);
    }

    private static EvalReport Run(TestDataset data, EvalOptions? options = null, TestModel? model = null)
    {
        using TestModel own = TestModel.Painter();
        using OnnxPainter painter = (model ?? own).Load();
        return new Evaluator(painter, data.Open(), options ?? new EvalOptions()).Run(_ => { }, CancellationToken.None);
    }
}
