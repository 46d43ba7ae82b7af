using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Instructions;
using VisionBanana.Edge.Onnx.Execution;
using VisionBanana.Edge.Onnx.Models;
using VisionBanana.Edge.Onnx.Painting;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Onnx.Tests.Execution;

/// <summary>Which of a package's files a provider runs.</summary>
public sealed class ModelVariantTests
{
    [Theory]
    [InlineData("fp32", ExecutionProvider.TensorRt, null, "fp16 (from fp32 weights)")]
    [InlineData("fp32 fp16 int8", ExecutionProvider.TensorRt, null, "fp16 (from fp32 weights)")]
    [InlineData("fp16 int8", ExecutionProvider.TensorRt, null, "fp16")]
    [InlineData("fp32 fp16 int8", ExecutionProvider.TensorRt, ModelPrecision.Int8, "int8")]
    [InlineData("fp32 fp16 int8", ExecutionProvider.TensorRt, ModelPrecision.Fp32, "fp32")]
    [InlineData("fp32", ExecutionProvider.TensorRt, ModelPrecision.Fp16, "fp16 (from fp32 weights)")]
    [InlineData("fp32", ExecutionProvider.TensorRt, ModelPrecision.Int8, null)]
    [InlineData("fp32 fp16 int8", ExecutionProvider.Cuda, null, "fp16")]
    [InlineData("fp32 int8", ExecutionProvider.Cuda, null, "fp32")]
    [InlineData("fp32", ExecutionProvider.Cuda, ModelPrecision.Fp16, null)]
    [InlineData("fp32 fp16", ExecutionProvider.Cpu, null, "fp32")]
    [InlineData("fp16", ExecutionProvider.Cpu, null, "fp16")]
    [InlineData("fp32 fp16 int8", ExecutionProvider.Cpu, ModelPrecision.Fp16, "fp16")]
    [InlineData("fp32", ExecutionProvider.Cpu, ModelPrecision.Int8, null)]
    public void For_PackageProviderAndWish_ChoosesOneFile(string files, ExecutionProvider provider, ModelPrecision? asked, string? expected)
    {
        using var model = TestModel.Variants(files.Split(' '));

        Assert.Equal(expected, ModelVariant.For(model.Open(), provider, asked, nativeInt8: true)?.ToString());
    }

    [Theory]
    [InlineData(true, "int8")]
    [InlineData(false, "fp32")]
    public void For_ProcessorWithAndWithoutInt8_TakesTheFasterFile(bool nativeInt8, string expected)
    {
        using var model = TestModel.Variants("fp32", "fp16", "int8");

        Assert.Equal(expected, ModelVariant.For(model.Open(), ExecutionProvider.Cpu, null, nativeInt8)?.ToString());
    }

    [Theory]
    [InlineData(ModelPrecision.Fp32, 1e-5f)]
    [InlineData(ModelPrecision.Fp16, 5e-3f)]
    [InlineData(ModelPrecision.Int8, 0.5f * 5 / 255 + 1e-4f)]
    public void Load_EachPrecision_RunsThatFileWithinItsTolerance(ModelPrecision precision, float tolerance)
    {
        using var model = TestModel.Variants("fp32", "fp16", "int8");
        using OnnxPainter painter = model.Load(new ExecutionOptions { Prefer = [ExecutionProvider.Cpu], Precision = precision });
        using PerceptionFrame frame = TestFrames.Gradient();

        painter.Paint(frame, [Instruction.MetricDepth()]);

        Assert.Equal(precision.Name(), painter.Description.Precision);
        Assert.Equal(model.Open().FileFor(precision).Sha256, painter.Description.Sha256);
        Percept depth = frame.Find(PerceptKind.Depth)!;
        for (int x = 0; x < TestModel.Width; x++)
        {
            float red = (frame.Color[x & ~1].R + frame.Color[x | 1].R) / 510f;
            Assert.Equal(1 + (4 * red), depth.Depth[x], tolerance);
        }
    }

    /// <summary>float16 in the file, float32 in the arithmetic: the casts are gone once the session is open, and so is their cost.</summary>
    [Fact]
    public void Load_WeightsStoredAsFloat16_AreCastOnceWhenTheSessionOpens()
    {
        using var folder = new TestFolder();
        using var model = TestModel.Plain("variant_stored16", "kind: metric_depth, tensor: depth");
        ExecutionOptions options = new() { Prefer = [ExecutionProvider.Cpu], Threads = 1, EngineCache = new EngineCacheOptions { Folder = folder["engines"] } };
        Assert.Contains("Cast", model.Open().Inspect().Graphs[0].Operators);

        // What the session runs, as it is kept by 'engine build'.
        string built = OnnxPainter.BuildEngine(model.Open(), options).Folder!;
        Assert.DoesNotContain("Cast", OnnxGraph.Read(File.ReadAllBytes(Path.Combine(built, "model.onnx"))).Operators);

        using OnnxPainter painter = model.Load(options);
        using PerceptionFrame frame = TestFrames.Gradient();
        painter.Paint(frame, [Instruction.MetricDepth()]);
        float red = (frame.Color[10].R + frame.Color[11].R) / 510f;
        Assert.Equal(1 + (4 * red), frame.Find(PerceptKind.Depth)!.Depth[10], 1e-5f);
        Assert.Equal("fp32", painter.Description.Precision);
    }

    [Fact]
    public void Load_FallingThroughProvidersThatLackThePrecision_TellsEachOfThem()
    {
        using var model = TestModel.Variants("fp32");

        // TensorRT alone could make fp16 of fp32 weights, and it is not in the CPU package: no provider is left.
        var error = Assert.Throws<InferenceException>(() => model.Load(new ExecutionOptions { Precision = ModelPrecision.Fp16 }));

        Assert.Contains("tensorrt: this ONNX Runtime was built without it", error.Message, StringComparison.Ordinal);
        Assert.Contains("cuda: the package has no fp16 file that it could run; it has fp32", error.Message, StringComparison.Ordinal);
        Assert.Contains("cpu: the package has no fp16 file that it could run; it has fp32", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_PrecisionThatNoProviderCouldRun_IsAWrongConfiguration()
    {
        using var model = TestModel.Variants("fp32", "fp16");

        var error = Assert.Throws<ConfigurationException>(() => model.Load(new ExecutionOptions { Precision = ModelPrecision.Int8 }));

        Assert.Contains("no int8 file; it has fp32, fp16", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ReadName_ProcessorsOfBothKinds_AreNamed()
    {
        using var folder = new TestFolder();
        File.WriteAllText(folder["x64"], "processor\t: 0\nvendor_id\t: AuthenticAMD\nmodel name\t: AMD EPYC 9R45\n");
        File.WriteAllText(folder["arm"], "processor\t: 0\nBogoMIPS\t: 62.50\nCPU implementer\t: 0x41\nCPU architecture: 8\nCPU part\t: 0xd42\n");

        Assert.Equal("AMD EPYC 9R45", ProcessorFeatures.ReadName(folder["x64"]));
        Assert.EndsWith(" 0x41/0xd42", ProcessorFeatures.ReadName(folder["arm"]), StringComparison.Ordinal);
        Assert.NotEmpty(ProcessorFeatures.ReadName(folder["absent"]));
    }
}
