using System.Globalization;
using System.Security.Cryptography;
using VisionBanana.Edge.Onnx.Execution;
using VisionBanana.Edge.Onnx.Models;
using VisionBanana.Edge.Onnx.Painting;

namespace VisionBanana.Edge.Onnx.Tests;

/// <summary>A model package in a temporary folder, made of one of the graphs of make_graphs.py and a manifest.</summary>
internal sealed class TestModel : IDisposable
{
    public const int Width = 32;
    public const int Height = 24;

    private const string Head =
        """
        schema: 1
        name: test-model
        version: 1.2.3
        licence: CC0-1.0
        description: a graph with a known answer
        files:
          - {path: GRAPH.onnx, sha256: HASH, precision: fp32}
        input:
          tensor: image
          width: 32
          height: 24
          scale: 0.00392156862745098
          mean: [0, 0, 0]
          std: [1, 1, 1]

        """;

    private const string FieldOfView = "camera: {uses_focal: false, hfov_deg: 60.0}\n";

    private const string Classes =
        """
        classes:
          - {id: 0, name: other, colour: "#101010"}
          - {id: 1, name: cat, colour: "#FF0000"}
          - {id: 2, name: dog, colour: "#00FF00"}
          - {id: 3, name: bird, colour: "#0000FF"}

        """;

    private TestModel(string graph, string yaml)
    {
        Directory.CreateDirectory(Folder);
        string path = Path.Combine(Folder, graph + ".onnx");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.Copy(GraphPath(graph), path);
        Yaml = yaml.Replace("GRAPH", graph, StringComparison.Ordinal)
            .Replace("HASH", Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path))), StringComparison.Ordinal);
        GraphFile = path;
        File.WriteAllText(ManifestFile, Yaml);
    }

    public string Folder { get; } = Path.Combine(Path.GetTempPath(), "vbedge-onnx-tests-" + Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture));

    public string ManifestFile => Path.Combine(Folder, ModelManifest.FileName);

    public string GraphFile { get; }

    public string Yaml { get; }

    public static string GraphPath(string graph) => Path.Combine(AppContext.BaseDirectory, "graphs", graph + ".onnx");

    /// <summary>The painter with everything the contract allows; see make_graphs.py for its answers.</summary>
    public static TestModel Painter(Func<string, string>? change = null, string graph = "painter", bool usesFocal = false)
    {
        var directions = Enumerable.Range(0, 64).Select(k =>
        {
            double z = 1 - (k / 63.0), radius = Math.Sqrt(1 - (z * z));
            return string.Create(CultureInfo.InvariantCulture, $"[{radius * Math.Cos(k):F6}, {radius * Math.Sin(k):F6}, {z:F6}]");
        });
        string yaml = Head
            + (usesFocal ? "camera: {uses_focal: true, canonical_focal_px: 20.0}\n" : FieldOfView)
            + $"""
            output: {"{"}kind: painting, tensor: painting, confidence: confidence{"}"}
            painter: {"{"}palette: palette, task: task, focal_ratio: focal_ratio, geometry: geometry, slots: 64{"}"}
            tasks:
              depth: {"{"}id: 0, colour_map: rainbow, min_depth_m: 0.25, max_depth_m: 25.0{"}"}
              labels: {"{"}id: 1{"}"}
              normals: {"{"}id: 2, directions: [{string.Join(", ", directions)}]{"}"}

            """
            + Classes;
        return new TestModel(graph, change?.Invoke(yaml) ?? yaml);
    }

    /// <summary>The painter that tells objects of cats and dogs apart.</summary>
    public static TestModel Instances(Func<string, string>? change = null) => Painter(
        y =>
        {
            y = y.Replace("  labels: {id: 1}", "  instances: {first_id: 3, background_slot: 63, classes: [cat, 2]}\n  labels: {id: 1}",
                StringComparison.Ordinal);
            return change?.Invoke(y) ?? y;
        },
        "painter_instances");

    public static TestModel Plain(string graph, string output, bool usesFocal = false, string classes = "") =>
        new(graph, Head + (usesFocal ? "camera: {uses_focal: true, canonical_focal_px: 20.0}\n" : FieldOfView) + $"output: {{{output}}}\n" + classes);

    /// <summary>The same answer (depth = 1 + 4 · red) in each of the precisions named, see make_graphs.py.</summary>
    public static TestModel Variants(params ReadOnlySpan<string> precisions)
    {
        // "int8_wrong" is an int8 file that answers wrongly.
        var model = Plain("variant_" + precisions[0], "kind: metric_depth, tensor: depth");
        string files = "";
        foreach (string precision in precisions)
        {
            string graph = $"variant_{precision}.onnx", path = Path.Combine(model.Folder, graph);
            File.Copy(GraphPath("variant_" + precision), path, overwrite: true);
            files += $"  - {{path: {graph}, sha256: {Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)))}, precision: "
                + $"{precision.Split('_')[0]}}}\n";
        }

        string[] lines = model.Yaml.Split('\n');
        File.WriteAllText(model.ManifestFile,
            string.Join('\n', lines.Select(l => l.StartsWith("  - {path:", StringComparison.Ordinal) ? files.TrimEnd('\n') : l)));
        return model;
    }

    public static TestModel MetricDepth(string extra = "", bool usesFocal = false) =>
        Plain("metric_depth", "kind: metric_depth, tensor: depth" + extra, usesFocal);

    public static TestModel ClassLogits(string graph = "class_logits") => Plain(
        graph,
        "kind: class_logits, tensor: logits",
        classes: "classes:\n"
            + "  - {id: 0, name: red thing, colour: \"#FF0000\"}\n"
            + "  - {id: 1, name: green thing, colour: \"#00FF00\"}\n"
            + "  - {id: 3, name: dark thing, colour: \"#404040\"}\n");

    public ModelPackage Open() => ModelPackage.Open(Folder);

    public OnnxPainter Load(ExecutionOptions? options = null) =>
        OnnxPainter.Load(Open(), options ?? new ExecutionOptions { Prefer = [ExecutionProvider.Cpu], Threads = 1 });

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
