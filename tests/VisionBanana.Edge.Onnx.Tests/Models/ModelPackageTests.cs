using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Onnx.Models;
using VisionBanana.Edge.Onnx.Painting;

namespace VisionBanana.Edge.Onnx.Tests.Models;

public sealed class ModelPackageTests
{
    [Fact]
    public void Open_FolderOrManifest_IsTheSamePackage()
    {
        using var model = TestModel.Painter();

        Assert.Equal(ModelPackage.Open(model.Folder).ManifestPath, ModelPackage.Open(model.ManifestFile).ManifestPath);
    }

    [Fact]
    public void Open_OneByteChanged_GivesBothHashesAndLoadsNothing()
    {
        using var model = TestModel.Painter();
        string expected = model.Open().Manifest.Files[0].Sha256;
        byte[] bytes = File.ReadAllBytes(model.GraphFile);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(model.GraphFile, bytes);

        var error = Assert.Throws<ModelContractException>(model.Open);

        Assert.Contains("expected SHA-256 " + expected, error.Message, StringComparison.Ordinal);
        Assert.Contains("found " + Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes)), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_FileChangedAfterOpen_IsRefused()
    {
        using var model = TestModel.Painter();
        ModelPackage package = model.Open();
        File.AppendAllText(model.GraphFile, " ");

        Assert.Contains("changed or damaged", Assert.Throws<ModelContractException>(() => OnnxPainter.Load(package)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_FileMissing_SaysWhichAndWhatToDo()
    {
        using var model = TestModel.Painter();
        File.Delete(model.GraphFile);

        string message = Assert.Throws<ModelContractException>(model.Open).Message;

        Assert.Contains(model.GraphFile, message, StringComparison.Ordinal);
        Assert.Contains("found none; put it there", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_ManifestMissing_IsAConfigurationProblem()
    {
        string folder = Path.Combine(Path.GetTempPath(), "vbedge-no-such-model");

        Assert.Contains("There is no model", Assert.Throws<ConfigurationException>(() => ModelPackage.Open(folder)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(200)]
    [InlineData(-1)]
    public void Open_CorruptFileWithItsOwnHash_IsNoOnnxModel(int length)
    {
        using var model = TestModel.Painter();
        byte[] bytes = File.ReadAllBytes(model.GraphFile);
        Rewrite(model, length < 0 ? [.. "this is a picture of a cat, not a network"u8] : bytes[..length]);

        Assert.Contains("is no ONNX model", Assert.Throws<ModelContractException>(model.Open).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void OnnxGraphRead_TruncatedAnywhere_ThrowsFormatExceptionOrReads()
    {
        byte[] bytes = File.ReadAllBytes(TestModel.GraphPath("painter"));
        int refused = 0;
        for (int length = 0; length < bytes.Length; length++)
        {
            Exception? error = Record.Exception(() => OnnxGraph.Read(bytes.AsSpan(0, length)));
            Assert.True(error is null or FormatException, $"{length}: {error}");
            refused += error is null ? 0 : 1;
        }

        // Only a cut after the graph, where the operator set follows, leaves a readable file.
        Assert.True(refused > bytes.Length - 20, $"{refused} of {bytes.Length}");
    }

    [Fact]
    public void Open_GraphAgainstTheManifest_TellsEveryContradictionAtOnce()
    {
        using var model = TestModel.Painter(
            y => y.Replace("tensor: image", "tensor: picture", StringComparison.Ordinal)
                .Replace("width: 32", "width: 64", StringComparison.Ordinal)
                .Replace("task: task", "task: palette2", StringComparison.Ordinal)
                .Replace("palette: palette", "palette: task", StringComparison.Ordinal),
            "painter_extra_input");

        string message = Assert.Throws<ModelContractException>(model.Open).Message;

        string[] expected =
        [
            "input.tensor names the input 'picture' (float [1,3,24,64]), which the graph does not have; its inputs: image: float [1,3,24,32]",
            "painter.palette: expected the input 'task' to be float [T,64,3], found int64 [T]",
            "painter.task names the input 'palette2'",
            "painter.geometry: expected the input 'geometry' to be float [1,5,24,64], found float [1,5,24,32]",
            "also wants the input time: float [1], which the manifest does not name",
            "output.tensor: expected the output 'painting' to be float [T,3,24,64], found float [T,3,24,32]",
            "output.confidence: expected the output 'confidence' to be float [T,1,24,64]",
        ];
        Assert.All(expected, text => Assert.Contains(text, message, StringComparison.Ordinal));
    }

    [Fact]
    public void Open_TaskCountFixedInTheGraph_IsAContradiction()
    {
        using var model = TestModel.Painter(graph: "painter_one_task");

        Assert.Contains("expected the input 'palette' to be float [T,64,3], found float [1,64,3]", Assert.Throws<ModelContractException>(model.Open).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Open_OutputNameOfAPlainTensorWrong_ListsTheOutputs()
    {
        using var model = TestModel.Plain("metric_depth", "kind: metric_depth, tensor: metres");

        Assert.Contains("its outputs: depth: float [1,12,16]", Assert.Throws<ModelContractException>(model.Open).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_LogitsAsDepth_IsAContradiction()
    {
        using var model = TestModel.Plain("class_logits", "kind: metric_depth, tensor: logits");

        Assert.Contains("expected the output 'logits' to be float [1,1,*,*], found float [1,5,12,16]",
            Assert.Throws<ModelContractException>(model.Open).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_ClassBeyondTheChannels_IsAContradiction()
    {
        using var model = TestModel.Plain("class_logits", "kind: class_logits, tensor: logits",
            classes: "classes: [{id: 5, name: cat, colour: \"#010203\"}]\n");

        Assert.Contains("id 5, but output 'logits' has 5 channels", Assert.Throws<ModelContractException>(model.Open).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_OperatorSetTooOld_SaysToExportAgain()
    {
        using var model = TestModel.Plain("opset_old", "kind: metric_depth, tensor: depth");

        Assert.Contains("operator set is 5, expected 7 or newer", Assert.Throws<ModelContractException>(model.Open).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("opset_future")]
    [InlineData("unknown_operator")]
    public void Load_GraphThatTheRuntimeDoesNotKnow_IsExplained(string graph)
    {
        using var model = TestModel.Plain(graph, "kind: metric_depth, tensor: depth");

        string message = Assert.Throws<ModelContractException>(() => model.Load()).Message;

        Assert.Contains(graph + ".onnx: ONNX Runtime cannot load the graph", message, StringComparison.Ordinal);
        Assert.Contains("export it again", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Verify_GoodAndBadPackage_ReportsInsteadOfThrowing()
    {
        using var good = TestModel.Painter();
        using var changed = TestModel.Painter();
        using var broken = TestModel.Painter(y => y.Replace("slots: 64", "slots: many", StringComparison.Ordinal));
        File.AppendAllText(changed.GraphFile, "x");

        Assert.True(ModelPackage.Verify(good.Folder).IsGood);
        ModelVerification verification = ModelPackage.Verify(changed.Folder);
        Assert.False(verification.IsGood);
        Assert.NotEqual(verification.Files[0].File.Sha256, verification.Files[0].FoundSha256);
        Assert.Contains("changed or damaged", Assert.Single(verification.Problems), StringComparison.Ordinal);
        Assert.Null(ModelPackage.Verify(broken.Folder).Manifest);
        Assert.Contains("slots", Assert.Single(ModelPackage.Verify(broken.Folder).Problems), StringComparison.Ordinal);
    }

    [Fact]
    public void Inspect_Painter_TellsTensorsSizesAndPrompts()
    {
        using var model = TestModel.Painter();

        ModelSummary summary = model.Open().Inspect();

        ModelGraphSummary graph = Assert.Single(summary.Graphs);
        Assert.Equal("palette: float [T,64,3]", graph.Inputs[1].ToString());
        Assert.Equal("confidence: float [T,1,24,32]", graph.Outputs[1].ToString());
        Assert.Equal(17, graph.Opset);
        Assert.Equal("make_graphs", graph.Producer);
        Assert.Equal(new FileInfo(model.GraphFile).Length, graph.Bytes);
        Assert.True(graph.Nodes > 15);
        Assert.Equal([PerceptKind.Depth, PerceptKind.Labels, PerceptKind.Normals, PerceptKind.Mask], summary.Kinds.AsEnumerable());
        Assert.Equal(4, summary.SampleInstructions.Length);
        Assert.Contains("bird", summary.SampleInstructions[3], StringComparison.Ordinal);
    }

    [Fact]
    public void Inspect_Weights_AreCounted()
    {
        using var model = TestModel.ClassLogits();

        // A kernel of 5 × 3 × 2 × 2 and 5 biases.
        Assert.Equal(65, model.Open().Inspect().Graphs[0].Parameters);
    }

    [Fact]
    public void List_FolderOfPackages_TellsTheReadableAndTheBroken()
    {
        using var good = TestModel.Painter();
        string root = Directory.CreateTempSubdirectory("vbedge-list-").FullName;
        try
        {
            Directory.CreateDirectory(Path.Combine(root, "a"));
            Directory.CreateDirectory(Path.Combine(root, "b"));
            Directory.CreateDirectory(Path.Combine(root, "training"));
            File.Copy(good.ManifestFile, Path.Combine(root, "a", "model.yaml"));
            File.WriteAllText(Path.Combine(root, "b", "model.yaml"), "schema: 1\n");

            IReadOnlyList<ModelListing> listings = ModelPackage.List(root);

            Assert.Equal(2, listings.Count);
            Assert.Equal("test-model", listings[0].Manifest!.Name);
            Assert.Contains("name: missing", listings[1].Problem, StringComparison.Ordinal);
            Assert.Empty(ModelPackage.List(Path.Combine(root, "absent")));
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    private static void Rewrite(TestModel model, byte[] bytes)
    {
        string old = model.Open().Manifest.Files[0].Sha256;
        File.WriteAllBytes(model.GraphFile, bytes);
        File.WriteAllText(
            model.ManifestFile,
            model.Yaml.Replace(old, Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes)), StringComparison.Ordinal));
    }
}
