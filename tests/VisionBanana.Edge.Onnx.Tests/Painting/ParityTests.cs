using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Instructions;
using VisionBanana.Edge.Onnx.Engines;
using VisionBanana.Edge.Onnx.Execution;
using VisionBanana.Edge.Onnx.Models;
using VisionBanana.Edge.Onnx.Painting;
using VisionBanana.Edge.Onnx.Sessions;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Onnx.Tests.Painting;

/// <summary>Engines that run and are wrong, for real: int8 with the scales of another model, fp16 beyond its range, a cached graph of another model.</summary>
public sealed class ParityTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private ExecutionOptions Options => new()
    {
        Prefer = [ExecutionProvider.Cpu],
        Threads = 1,
        EngineCache = new EngineCacheOptions { Folder = _folder["engines"] },
    };

    [Theory]
    [InlineData("fp32", ModelPrecision.Fp32)]
    [InlineData("fp16", ModelPrecision.Fp16)]
    [InlineData("int8", ModelPrecision.Int8)]
    public void VerifyEngine_RightFile_Agrees(string file, ModelPrecision precision)
    {
        using var model = file == "fp32" ? TestModel.Variants("fp32") : TestModel.Variants("fp32", file);

        EngineVerification found = OnnxPainter.VerifyEngine(model.Open(), Options with { Precision = precision });

        Assert.True(found.Verdict.Agrees, found.Verdict.ToString());
        Assert.Equal(1, found.Verdict.Figures.DepthScale!.Value, 0.02);
        Assert.Null(found.Verdict.Figures.Labels);
        Assert.Equal(file, found.Precision);
        Assert.StartsWith("agrees with fp32 on the processor (depth median 0.0", found.Verdict.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("int8", ModelPrecision.Int8, "depth scale 1.4")]
    [InlineData("fp16", ModelPrecision.Fp16, "depth p99 2.303")]
    public void VerifyEngine_WrongFile_SaysByHowMuchAndWithWhat(string file, ModelPrecision precision, string expected)
    {
        using var model = TestModel.Variants("fp32", file + "_wrong");

        EngineVerification found = OnnxPainter.VerifyEngine(model.Open(), Options with { Precision = precision });

        Assert.False(found.Verdict.Agrees);
        Assert.Contains(found.Verdict.Beyond, b => b.StartsWith(expected, StringComparison.Ordinal));
        Assert.Contains($"onnxruntime {OnnxRuntimeVersion.Native()}", found.Verdict.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_WrongInt8OfTheCache_FallsToFp32AndSaysWhy()
    {
        Assert.SkipUnless(ProcessorFeatures.HasInt8DotProduct, "this processor prefers fp32 anyway");
        using var model = TestModel.Variants("fp32", "int8_wrong");
        OnnxPainter.BuildEngine(model.Open(), Options);

        using OnnxPainter painter = model.Load(Options);

        Assert.Equal("fp32", painter.Description.Precision);
        Assert.Equal([ProviderOutcome.Failed, ProviderOutcome.Running], painter.ProviderReport.Select(a => a.Outcome));
        Assert.Contains("int8: its answers are not the model's: ", painter.ProviderReport[0].Message, StringComparison.Ordinal);
        AssertRight(painter);

        // It was found out once: another start knows it before anything is compared, and without a cached engine too.
        new EngineCache(Options.EngineCache).List().ToList().ForEach(e => Directory.Delete(e.Folder, recursive: true));
        using OnnxPainter again = model.Load(Options);
        Assert.Equal("fp32", again.Description.Precision);
    }

    [Fact]
    public void Load_WrongInt8ThatWasAskedFor_IsAnErrorWithTheFigures()
    {
        using var model = TestModel.Variants("fp32", "int8_wrong");

        var error = Assert.Throws<InferenceException>(() => model.Load(Options with { Precision = ModelPrecision.Int8, Parity = ParityPolicy.Always }));

        Assert.Contains("its answers are not the model's: depth median", error.Message, StringComparison.Ordinal);
        using OnnxPainter painter = model.Load(Options with { Precision = ModelPrecision.Int8, Parity = ParityPolicy.Never });
        Assert.Null(painter.Parity);
    }

    [Fact]
    public void Load_CachedGraphOfAnotherModel_IsNotUsed()
    {
        // Every hash is right: what was built is wrong.
        using var model = TestModel.Variants("fp32");
        ModelPackage package = model.Open();
        EngineKey key = new SessionOpener(package, Options, ShapeProfile.Fixed, _ => { }, (_, _) => throw new InvalidOperationException(), null, default)
            .KeyOf(ExecutionProvider.Cpu, new ModelVariant(package.FileFor(null), ModelPrecision.Fp32));
        new EngineCache(Options.EngineCache).Build(
            key, "test-model", 1, folder => File.Copy(TestModel.GraphPath("variant_int8_wrong"), Path.Combine(folder, EngineContent.GraphName)), null, default);

        using OnnxPainter painter = model.Load(Options);

        Assert.StartsWith("runs fp32 on 1 threads (its cached graph is not used: fp32: its answers are not the model's", painter.ProviderReport[0].Message,
            StringComparison.Ordinal);
        AssertRight(painter);
        Assert.False(Assert.Single(new EngineCache(Options.EngineCache).List()).Parity!.Agrees);
    }

    [Fact]
    public void Load_CachedGraphThatIsRight_IsComparedOnceAndListed()
    {
        using var model = TestModel.Painter();
        OnnxPainter.BuildEngine(model.Open(), Options);
        Assert.Null(Assert.Single(new EngineCache(Options.EngineCache).List()).Parity);

        using OnnxPainter painter = model.Load(Options);

        Assert.True(painter.Parity!.Agrees);
        EngineEntry entry = Assert.Single(new EngineCache(Options.EngineCache).List());
        Assert.Equal(painter.Parity.Checked, entry.Parity!.Checked);
        using OnnxPainter again = model.Load(Options with { Threads = 2 });
        Assert.Equal(painter.Parity.Checked, again.Parity!.Checked);
        new EngineCache(Options.EngineCache).Remove(entry);
        Assert.Empty(Directory.GetFiles(_folder["engines/parity"]));
    }

    [Fact]
    public void Find_VerdictThatIsDamagedOrForeign_CountsAsNone()
    {
        using var model = TestModel.Painter();
        OnnxPainter.BuildEngine(model.Open(), Options);
        model.Load(Options).Dispose();
        string verdict = Assert.Single(Directory.GetFiles(_folder["engines/parity"]));

        foreach (string text in (ReadOnlySpan<string>)["", "{}", "null", "{\"figures\": {}}", "[1"])
        {
            File.WriteAllText(verdict, text);
            Assert.Null(Assert.Single(new EngineCache(Options.EngineCache).List()).Parity);
        }

        using OnnxPainter painter = model.Load(Options);
        Assert.True(painter.Parity!.Agrees);
    }

    [Fact]
    public void Parity_LimitsOfTheManifest_AreTheOnesThatCount()
    {
        using var model = TestModel.Variants("fp32", "int8_wrong");
        File.AppendAllText(model.ManifestFile, "parity: {int8: {depth_median: 0.5, depth_p99: 1, depth_scale: 0.5}}\n");

        Assert.True(OnnxPainter.VerifyEngine(model.Open(), Options with { Precision = ModelPrecision.Int8 }).Verdict.Agrees);
        File.AppendAllText(model.ManifestFile, "  int8_: {}\n");
        Assert.Throws<ConfigurationException>(model.Open);
    }

    [Theory]
    [InlineData("painter-s")]
    [InlineData("painter-m")]
    public void VerifyEngine_Int8OfABundledPainter_Agrees(string model)
    {
        var package = ModelPackage.Open(Path.Combine(Nearby.Models, model));
        EngineVerification found = OnnxPainter.VerifyEngine(package, Options with { Precision = ModelPrecision.Int8 });

        TestContext.Current.TestOutputHelper?.WriteLine(found.Verdict.ToString());
        Assert.True(found.Verdict.Agrees, found.Verdict.ToString());
        Assert.NotNull(found.Verdict.Figures.Labels);
        Assert.NotNull(found.Verdict.Figures.Colour);
        Assert.NotNull(found.Verdict.Figures.Confidence);
    }

    [Fact]
    public void Render_AnySize_IsTheSamePictureWithThingsInIt()
    {
        for (int i = 0; i < ReferencePictures.Count; i++)
        {
            byte[] picture = ReferencePictures.Render(i, 64, 48);
            Assert.Equal(picture, ReferencePictures.Render(i, 64, 48));
            Assert.True(picture.Distinct().Count() > 20);
        }
    }

    private static void AssertRight(OnnxPainter painter)
    {
        using PerceptionFrame frame = TestFrames.Gradient();
        painter.Paint(frame, [Instruction.MetricDepth()]);
        float red = (frame.Color[10].R + frame.Color[11].R) / 510f;
        Assert.Equal(1 + (4 * red), frame.Find(PerceptKind.Depth)!.Depth[10], 1e-4f);
    }
}
