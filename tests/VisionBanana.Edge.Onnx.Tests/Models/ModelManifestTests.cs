using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Onnx.Models;

namespace VisionBanana.Edge.Onnx.Tests.Models;

public sealed class ModelManifestTests
{
    [Fact]
    public void Load_Painter_ReadsEveryField()
    {
        using var model = TestModel.Painter();
        ModelManifest manifest = ModelManifest.Load(model.ManifestFile);

        Assert.Equal(("test-model", "1.2.3", "CC0-1.0"), (manifest.Name, manifest.Version, manifest.Licence));
        Assert.Equal(("painter.onnx", ModelPrecision.Fp32), (manifest.Files[0].Path, manifest.Files[0].Precision));
        Assert.Equal((32, 24), (manifest.Input.Width, manifest.Input.Height));
        Assert.Equal(60, manifest.Camera.HorizontalFovDegrees);
        Assert.False(manifest.Camera.UsesFocal);
        Assert.Equal(new PainterTensors("palette", "task", "focal_ratio", "geometry", 64), manifest.Painter);
        Assert.Equal(new DepthTask(0, "rainbow", 0.25, 25), manifest.Tasks.Depth);
        Assert.Equal(1, manifest.Tasks.Labels!.Id);
        Assert.Equal(64, manifest.Tasks.Normals!.Directions.Length);
        Assert.Equal(new Rgb24(255, 0, 0), manifest.Classes[1].Colour);
        Assert.Null(manifest.Source);
    }

    [Fact]
    public void Load_ManyMistakes_TellsAllOfThemWithTheirPlaces()
    {
        using var model = TestModel.Painter(yaml => yaml
            .Replace("schema: 1", "schema: 2", StringComparison.Ordinal)
            .Replace("version: 1.2.3", "version:", StringComparison.Ordinal)
            .Replace("sha256: HASH", "sha256: abc", StringComparison.Ordinal)
            .Replace("width: 32", "width: wide", StringComparison.Ordinal)
            .Replace("std: [1, 1, 1]", "std: [1, 0, 1]", StringComparison.Ordinal)
            .Replace("hfov_deg: 60.0", "hfov_deg: 60.0, canonical_focal_px: 100", StringComparison.Ordinal)
            .Replace("colour_map: rainbow", "colour_map: plaid", StringComparison.Ordinal)
            .Replace("max_depth_m: 25.0", "max_depth_m: 0.1", StringComparison.Ordinal)
            .Replace("labels: {id: 1}", "labels: {id: 0}", StringComparison.Ordinal)
            .Replace("{id: 2, name: dog, colour: \"#00FF00\"}", "{id: 1, name: Cat, colour: green}", StringComparison.Ordinal)
            + "colour: blue\n");

        var error = Assert.Throws<ConfigurationException>(() => ModelManifest.Load(model.ManifestFile));

        string[] expected =
        [
            "schema", "version: missing", "64 hexadecimal digits", "input.width", "input.std", "canonical_focal_px: contradicts", "expected one of rainbow",
            "max_depth_m: expected more", "same id", "already the id of 'cat'", "'Cat' stands twice", "expected a colour like", "colour: unknown key",
        ];
        Assert.All(expected, text => Assert.Contains(error.Problems, p => p.Message.Contains(text, StringComparison.Ordinal) && p.Line > 0 && p.Column > 0));
        Assert.Equal(expected.Length, error.Problems.Count);
    }

    [Fact]
    public void Load_Instances_ReadsClassesByNameAndId()
    {
        using var model = TestModel.Instances();

        InstancesTask task = model.Open().Manifest.Tasks.Instances!;

        Assert.Equal((3, 63, 5), (task.FirstId, task.BackgroundSlot, task.TaskOf(2)));
        Assert.Equal([1, 2], task.ClassIds);
        Assert.Contains(PerceptKind.Instances, model.Open().Kinds);
        Assert.Contains("Each cat is colored differently", string.Join('\n', model.Open().Inspect().SampleInstructions), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{first_id: 3, background_slot: 64, classes: [cat]}", "background_slot")]
    [InlineData("{first_id: 3, background_slot: 63, classes: []}", "at least one class")]
    [InlineData("{first_id: 3, background_slot: 63, classes: [fish]}", "no class 'fish'")]
    [InlineData("{first_id: 3, background_slot: 63, classes: [cat, 1]}", "'1' stands twice")]
    [InlineData("{first_id: 1, background_slot: 63, classes: [cat]}", "same id")]
    public void Load_InstancesThatDoNotAddUp_SaysWhatIsWrong(string task, string expected)
    {
        using var model = TestModel.Instances(
            y => y.Replace("{first_id: 3, background_slot: 63, classes: [cat, 2]}", task, StringComparison.Ordinal));

        var error = Assert.Throws<ConfigurationException>(() => ModelManifest.Load(model.ManifestFile));

        Assert.Contains(error.Problems, p => p.Message.Contains(expected, StringComparison.Ordinal) && p.Line > 0);
    }

    [Theory]
    [InlineData("../elsewhere.onnx")]
    [InlineData("/etc/passwd")]
    [InlineData("a/../../b.onnx")]
    [InlineData("..\\b.onnx")]
    public void Load_PathOutsideTheFolder_IsRefused(string path)
    {
        using var model = TestModel.Painter(y => y.Replace("path: GRAPH.onnx", $"path: '{path}'", StringComparison.Ordinal));

        var error = Assert.Throws<ConfigurationException>(() => ModelManifest.Load(model.ManifestFile));

        Assert.Contains("inside the package folder", Assert.Single(error.Problems).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("camera: {uses_focal: true, hfov_deg: 60.0}", "hfov_deg: contradicts uses_focal: true", "canonical_focal_px")]
    [InlineData("camera: {hfov_deg: 60.0}", "uses_focal: missing", null)]
    [InlineData("camera: {uses_focal: false}", "hfov_deg", null)]
    public void Load_CameraThatDoesNotAddUp_SaysWhatIsWrong(string camera, string first, string? second)
    {
        using var model = TestModel.Painter(y => y.Replace("camera: {uses_focal: false, hfov_deg: 60.0}", camera, StringComparison.Ordinal));

        var error = Assert.Throws<ConfigurationException>(() => ModelManifest.Load(model.ManifestFile));

        Assert.Contains(error.Problems, p => p.Message.Contains(first, StringComparison.Ordinal));
        Assert.Equal(second is null ? 1 : 2, error.Problems.Count);
    }

    [Fact]
    public void Load_DirectionsThatDoNotFit_SaysHowManyAndHowLong()
    {
        using var model = TestModel.Painter(y => y[..y.IndexOf("directions: [", StringComparison.Ordinal)] + "directions: [[0, 0, 1], [0, 0, 2]]}\n"
            + "classes: [{id: 0, name: other, colour: \"#000000\"}]\n");

        var error = Assert.Throws<ConfigurationException>(() => ModelManifest.Load(model.ManifestFile));

        Assert.Contains(error.Problems, p => p.Message.Contains("each of the 64 slots, found 2", StringComparison.Ordinal));
        Assert.Contains(error.Problems, p => p.Message.Contains("1 of 2 are not", StringComparison.Ordinal));
    }

    [Fact]
    public void Load_PlainTensorWithPainterSections_IsRefused()
    {
        using var model = TestModel.Plain("metric_depth", "kind: metric_depth, tensor: depth", classes: "painter: {slots: 64}\ntasks: {}\n");

        var error = Assert.Throws<ConfigurationException>(() => ModelManifest.Load(model.ManifestFile));

        Assert.Equal(2, error.Problems.Count(p => p.Message.Contains("output.kind painting only", StringComparison.Ordinal)));
    }

    [Fact]
    public void Load_ClassLogitsWithoutCamera_TakesAnyCamera()
    {
        using var model = TestModel.ClassLogits();
        ModelManifest manifest = ModelManifest.Parse(
            model.Yaml.Replace("camera: {uses_focal: false, hfov_deg: 60.0}\n", "", StringComparison.Ordinal), "model.yaml");

        Assert.Equal(ModelCamera.Any, manifest.Camera);
    }

    [Theory]
    [InlineData("std: [1, 1, 1]", "std: [1, 1, 1]\n  fit: cover", "fit is for packages that keep the camera's view")]
    [InlineData("std: [1, 1, 1]", "std: [1, 1, 1]\n  padding: [0, 300, 0]", "expected red, green and blue in 0–255")]
    [InlineData("std: [1, 1, 1]", "std: [1, 1, 1]\n  padding: [0, 1]", "padding")]
    [InlineData("  width: 32\n  height: 24", "  width: 8000\n  height: 8000", "expected at most 16777216 pixels")]
    [InlineData("camera: {uses_focal: false, hfov_deg: 60.0}", "camera: {any: true, hfov_deg: 60.0}", "camera.hfov_deg")]
    [InlineData("output: {", "parity: {fp16: {depth_median: 0.1, depth: 1}}\noutput: {", "parity.fp16.depth")]
    public void Parse_FitPaddingCameraAndParity_AreReadStrictly(string from, string to, string expected)
    {
        using var model = TestModel.MetricDepth();
        string yaml = model.Yaml.ReplaceLineEndings("\n").Replace(from, to, StringComparison.Ordinal);
        Assert.NotEqual(model.Yaml, yaml);

        Assert.Contains(expected, Assert.Throws<ConfigurationException>(() => ModelManifest.Parse(yaml, "model.yaml")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_CountsBeyondTheLimits_AreRefused()
    {
        using var model = TestModel.MetricDepth();
        string constants = string.Join(", ", Enumerable.Range(0, 65).Select(i => $"{{tensor: c{i}, value: 1}}"));
        string yaml = model.Yaml.Replace("std: [1, 1, 1]", $"std: [1, 1, 1]\n  constants: [{constants}]", StringComparison.Ordinal);

        Assert.Contains("expected at most 64, found 65", Assert.Throws<ConfigurationException>(() => ModelManifest.Parse(yaml, "model.yaml")).Message,
            StringComparison.Ordinal);
    }
}
