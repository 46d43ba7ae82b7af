using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Instructions;
using VisionBanana.Edge.Onnx.Execution;
using VisionBanana.Edge.Onnx.Models;
using VisionBanana.Edge.Onnx.Painting;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Onnx.Tests.Bundled;

/// <summary>The painter that ships, on real pictures that it never saw.</summary>
public sealed class BundledPainterTests
{
    /// <summary>What the bundled version reached, and 10 % on top of it.</summary>
    private const double AlignedBound = 0.089 * 1.1;

    private static readonly ExecutionOptions Processor = new() { Prefer = [ExecutionProvider.Cpu], Threads = 2, Precision = ModelPrecision.Fp32 };

    private readonly PerceptDecoder _decoder = new();

    [Fact]
    public void Verify_BundledPainter_IsWhatItsManifestSays()
    {
        ModelVerification verification = ModelPackage.Verify(Nearby.BundledPainter);

        Assert.Empty(verification.Problems);
        Assert.Contains(PerceptKind.Depth, ModelPackage.Open(verification.ManifestPath).Kinds.AsEnumerable());
    }

    [Fact]
    public void Paint_TwoRealPictures_GiveDifferentDepthBeyondScale()
    {
        using OnnxPainter painter = OnnxPainter.Load(ModelPackage.Open(Nearby.BundledPainter), Processor);
        var pictures = new RealPictures(Nearby.SharedData(Path.Combine("real", "tabletop-a")), painter);
        float[] first = DepthOf(painter, pictures.Read(pictures.Names[0])), other = DepthOf(painter, pictures.Read(pictures.Names[20]));

        // Both are the same table: what differs is what stands on it, some per cent of depth at some tenths of the pixels.
        Assert.True(ShapeDifference(first, other) > 0.01, $"mean |log ratio| beyond scale {ShapeDifference(first, other)}");
    }

    /// <summary>
    /// Median-aligned AbsRel over every fourth picture, against two things that do not look at the picture: a constant of the right scale, and the painter's
    /// own answer to another picture of the same table.
    /// </summary>
    [Theory]
    [InlineData(ModelPrecision.Fp32)]
    [InlineData(ModelPrecision.Fp16)]
    [InlineData(ModelPrecision.Int8)]
    public void Paint_Tabletop_KeepsItsMeasuredAccuracy(ModelPrecision precision)
    {
        using OnnxPainter painter = OnnxPainter.Load(ModelPackage.Open(Nearby.BundledPainter), Processor with { Precision = precision });
        var pictures = new RealPictures(Nearby.SharedData(Path.Combine("real", "tabletop-a")), painter);
        string[] names = [.. pictures.Names.Where((_, i) => i % 4 == 0)];
        float[][] painted = [.. names.Select(n => DepthOf(painter, pictures.Read(n)))], truth = [.. names.Select(pictures.ReadDepth)];
        float[] flat = new float[truth[0].Length];
        Array.Fill(flat, 1);
        double aligned = names.Select((_, i) => AlignedAbsRel(painted[i], truth[i])).Average();
        double swapped = names.Select((_, i) => AlignedAbsRel(painted[(i + 1) % names.Length], truth[i])).Average();
        double constant = truth.Average(t => AlignedAbsRel(flat, t));
        string figures = $"{names.Length} pictures, AbsRel median-aligned: painter {aligned:F4}, painter on another picture {swapped:F4}, constant "
            + $"{constant:F4}";
        TestContext.Current.TestOutputHelper?.WriteLine(figures);

        Assert.True(aligned < AlignedBound, figures);
        Assert.True(aligned < 0.97 * constant, figures);
        Assert.True(aligned < 0.98 * swapped, figures);
    }

    [Fact]
    public void Paint_AllInstructionsTogether_EqualOneByOne()
    {
        using OnnxPainter painter = OnnxPainter.Load(ModelPackage.Open(Nearby.BundledPainter), Processor);
        var pictures = new RealPictures(Nearby.SharedData(Path.Combine("real", "tabletop-a")), painter);
        Instruction[] all = [Instruction.MetricDepth(), Instruction.Semantic(painter.Description.Classes), Instruction.SurfaceNormals()];
        PerceptionFrame together = pictures.Read(pictures.Names[1]);
        painter.Paint(together, all);

        foreach (Instruction instruction in all)
        {
            PerceptionFrame alone = pictures.Read(pictures.Names[1]);
            painter.Paint(alone, [instruction]);
            Span<byte> one = alone.Find(instruction.Kind)!.PaintingBytes, many = together.Find(instruction.Kind)!.PaintingBytes;
            int worst = 0;
            for (int i = 0; i < one.Length; i++)
            {
                worst = Math.Max(worst, Math.Abs(one[i] - many[i]));
            }

            // The engine may add in another order: one 8-bit step where a value lies between two.
            Assert.True(worst <= 1, $"{instruction.Kind}: {worst}");
            alone.Dispose();
        }

        together.Dispose();
    }

    [Fact]
    public void Paint_Normals_AreUnitVectorsThatFaceTheCamera()
    {
        using OnnxPainter painter = OnnxPainter.Load(ModelPackage.Open(Nearby.BundledPainter), Processor);
        var pictures = new RealPictures(Nearby.SharedData(Path.Combine("real", "tabletop-a")), painter);
        using PerceptionFrame frame = pictures.Read(pictures.Names[0]);
        painter.Paint(frame, [Instruction.SurfaceNormals()]);
        Percept percept = frame.Find(PerceptKind.Normals)!;
        _decoder.Decode(frame, percept);

        int known = 0, facing = 0;
        for (int i = 0; i < percept.Normals.Length; i += 3)
        {
            if (float.IsFinite(percept.Normals[i]))
            {
                known++;
                facing += percept.Normals[i + 2] < 0 ? 1 : 0;
                Assert.Equal(1, (percept.Normals[i] * percept.Normals[i]) + (percept.Normals[i + 1] * percept.Normals[i + 1])
                    + (percept.Normals[i + 2] * percept.Normals[i + 2]), 0.01f);
            }
        }

        Assert.True(known > percept.Normals.Length / 3 / 2);
        Assert.True(facing > 0.95 * known, $"{facing} of {known} face the camera");
    }

    private float[] DepthOf(OnnxPainter painter, PerceptionFrame frame)
    {
        painter.Paint(frame, [Instruction.MetricDepth()]);
        Percept percept = frame.Find(PerceptKind.Depth)!;
        _decoder.Decode(frame, percept);
        float[] depth = percept.Depth.ToArray();
        frame.Dispose();
        return depth;
    }

    /// <summary>Mean |painted − true| / true once the medians agree, over the pixels that have both.</summary>
    private static double AlignedAbsRel(float[] painted, float[] truth)
    {
        int[] valid = [.. Enumerable.Range(0, truth.Length).Where(p => float.IsFinite(painted[p]) && float.IsFinite(truth[p]))];
        Assert.True(valid.Length > truth.Length / 2, $"{valid.Length} of {truth.Length} pixels can be compared");
        float scale = Median([.. valid.Select(p => truth[p])]) / Median([.. valid.Select(p => painted[p])]);
        return valid.Average(p => Math.Abs((painted[p] * scale) - truth[p]) / truth[p]);
    }

    /// <summary>Mean |log(a / b)| without the factor between them.</summary>
    private static double ShapeDifference(float[] a, float[] b)
    {
        float[] ratios = [.. a.Zip(b).Where(p => float.IsFinite(p.First) && float.IsFinite(p.Second)).Select(p => p.First / p.Second)];
        Assert.True(ratios.Length > a.Length / 2, $"{ratios.Length} of {a.Length} pixels have a depth in both");
        float median = Median([.. ratios]);
        return ratios.Average(r => Math.Abs(Math.Log(r / median)));
    }

    private static float Median(float[] values)
    {
        Array.Sort(values);
        return values[values.Length / 2];
    }
}
