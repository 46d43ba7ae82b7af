using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Instructions;
using VisionBanana.Edge.Onnx.Execution;
using VisionBanana.Edge.Onnx.Models;
using VisionBanana.Edge.Onnx.Painting;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Onnx.Tests.Models;

/// <summary>Packages whose hashes are right and whose graphs are not to be run: make_hostile_graphs.py says what each one is.</summary>
public sealed class HostileModelTests
{
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(1);

    [Theory]
    [InlineData("external_weight")]
    [InlineData("external_constant")]
    [InlineData("external_in_branch")]
    [InlineData("external_in_branch_weight")]
    [InlineData("external_in_function")]
    [InlineData("external_in_list")]
    [InlineData("external_sparse")]
    public void Open_NumbersInAnotherFile_AreRefusedWhereverTheyAre(string graph)
    {
        using TestModel model = Hostile(graph);
        File.WriteAllBytes(Path.Combine(model.Folder, "secret.bin"), new byte[4]);

        Assert.Contains("weights lie outside the file, in 'secret.bin'", Assert.Throws<ModelContractException>(model.Open).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_EngineBuiltElsewhere_IsRefused()
    {
        using TestModel model = Hostile("foreign_engine");

        Assert.Contains("an engine that was built elsewhere", Assert.Throws<ModelContractException>(model.Open).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_OperatorOfALibrary_IsRefused()
    {
        using TestModel model = Hostile("custom_operator");

        Assert.Contains("some.library::Levitate needs a library", Assert.Throws<ModelContractException>(model.Open).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Sources_LibraryOfCustomOperators_IsNeverRegistered()
    {
        string source = Path.Combine(Nearby.RepositoryRoot, "src");
        string[] found =
        [
            .. Directory.GetFiles(source, "*.cs", SearchOption.AllDirectories)
                .Where(f => File.ReadAllText(f) is var text
                    && (text.Contains("RegisterCustomOp", StringComparison.Ordinal) || text.Contains("RegisterOrtExtensions", StringComparison.Ordinal))),
        ];

        Assert.Empty(found);
    }

    [Fact]
    public void Load_FunctionOfTheFileItself_Runs()
    {
        using TestModel model = Hostile("own_function");
        using OnnxPainter painter = model.Load();
        using PerceptionFrame frame = TestFrames.Plain(new Rgb24(255, 0, 0));

        painter.Paint(frame, [Instruction.MetricDepth()]);

        Assert.Equal(2, frame.Find(PerceptKind.Depth)!.Depth[5], 1e-5f);
    }

    [Fact]
    public void Open_GraphsInsideEachOther_EndAtALimit()
    {
        using TestModel model = Hostile("nested");

        Assert.Contains("graphs lie inside each other", Assert.Throws<ModelContractException>(model.Open).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("endless_loop")]
    [InlineData("endless_folding")]
    public void Load_GraphThatNeverEnds_IsGivenUpInTime(string graph)
    {
        using TestModel model = Hostile(graph);
        var options = new ExecutionOptions { Prefer = [ExecutionProvider.Cpu], Threads = 1, LoadTimeout = Short };

        var error = Assert.ThrowsAny<VisionBananaException>(() => model.Load(options));

        Assert.Contains("test-model did not load within 1 s", error.Message, StringComparison.Ordinal);
        Assert.Contains("load_timeout_s", error.Message, StringComparison.Ordinal);

        // What was given up holds nothing that others need.
        using var good = TestModel.Painter();
        using OnnxPainter painter = good.Load();
        using PerceptionFrame frame = TestFrames.Gradient();
        painter.Paint(frame, [Instruction.MetricDepth()]);
    }

    [Fact]
    public void OnnxGraphRead_AnyByteOfANestedGraphChanged_ReadsOrSaysWhatIsWrong()
    {
        byte[] bytes = File.ReadAllBytes(TestModel.GraphPath("hostile/external_in_branch"));
        for (int at = 0; at < bytes.Length; at++)
        {
            foreach (byte value in (ReadOnlySpan<byte>)[0, 0x7F, 0x80, 0xFF])
            {
                byte[] changed = [.. bytes];
                changed[at] = value;
                Exception? error = Record.Exception(() => OnnxGraph.Read(changed));
                Assert.True(error is null or FormatException, $"byte {at} = {value}: {error}");
            }
        }
    }

    private static TestModel Hostile(string graph) => TestModel.Plain("hostile/" + graph, "kind: metric_depth, tensor: depth");
}
