using System.Globalization;

namespace VisionBanana.Edge.Onnx.Models;

/// <summary>Holds a graph against its manifest and collects every contradiction.</summary>
internal sealed class GraphContract(ModelManifest manifest, OnnxGraph graph)
{
    /// <summary>The oldest operator set that ONNX Runtime still runs.</summary>
    public const int OldestOpset = 7;

    private const int MostTold = 8;
    private const string AnySize = "*";
    private const string Varies = "T";

    private readonly List<string> _contradictions = [];
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    /// <summary>Everything in which the graph is not what the manifest says; empty = well.</summary>
    public static IReadOnlyList<string> Check(ModelManifest manifest, OnnxGraph graph)
    {
        var contract = new GraphContract(manifest, graph);
        contract.CheckFile();
        contract.CheckInputs();
        contract.CheckOutputs();
        return contract._contradictions;
    }

    private void CheckFile()
    {
        if (graph.Opset is not { } opset)
        {
            _contradictions.Add("the file names no operator set; export it again, for example with opset_version=17");
        }
        else if (opset < OldestOpset)
        {
            _contradictions.Add($"the operator set is {opset}, expected {OldestOpset} or newer; export it again, for example with opset_version=17");
        }

        // What a node of this kind names is loaded and run as it is: only engines of the cache, which are checked, may have one.
        if (graph.Operators.Contains("com.microsoft::EPContext"))
        {
            _contradictions.Add("it holds an engine that was built elsewhere (EPContext); give the model itself, the engine is built on this machine");
        }

        foreach (string foreign in graph.ForeignOperators.Take(MostTold))
        {
            _contradictions.Add(
                $"the operator {foreign} needs a library of custom operators, and none is ever loaded: "
                    + "a library is a program; export the graph with operators of ONNX alone");
        }

        foreach (string file in graph.ExternalFiles.Take(MostTold))
        {
            _contradictions.Add(
                $"weights lie outside the file, in '{file}', where no hash protects them; save one file, for example with onnx.save_model(model, path, "
                    + $"save_as_external_data=False)");
        }
    }

    private void CheckInputs()
    {
        string width = Text(manifest.Input.Width), height = Text(manifest.Input.Height);
        Expect(graph.Inputs, "input", "input.tensor", manifest.Input.Tensor, "float", "1", "3", height, width);
        if (manifest.Input.Rays is { } rays)
        {
            Expect(graph.Inputs, "input", "input.rays", rays, "float", "1", "3", height, width);
        }

        foreach (ModelConstant constant in manifest.Input.Constants)
        {
            ExpectNumber(graph.Inputs, "input", "input.constants", constant.Tensor, "float", "int64");
        }

        if (manifest.Painter is { } painter)
        {
            Expect(graph.Inputs, "input", "painter.palette", painter.Palette, "float", Varies, Text(painter.Slots), "3");
            Expect(graph.Inputs, "input", "painter.task", painter.Task, "int64", Varies);
            Expect(graph.Inputs, "input", "painter.focal_ratio", painter.FocalRatio, "float", "1");
            if (painter.Geometry is { } geometry)
            {
                Expect(graph.Inputs, "input", "painter.geometry", geometry, "float", "1", "5", height, width);
            }
        }

        foreach (GraphTensor input in graph.Inputs.Where(t => !_known.Contains(t.Name)))
        {
            _contradictions.Add($"the graph also wants the input {input}, which the manifest does not name");
        }
    }

    private void CheckOutputs()
    {
        ModelOutput output = manifest.Output;
        string width = Text(manifest.Input.Width), height = Text(manifest.Input.Height);
        switch (output.Kind)
        {
            case OutputKind.Painting:
                Expect(graph.Outputs, "output", "output.tensor", output.Tensor, "float", Varies, "3", height, width);
                if (output.Confidence is { } painted)
                {
                    Expect(graph.Outputs, "output", "output.confidence", painted, "float", Varies, "1", height, width);
                }

                break;
            case OutputKind.ClassLogits:
                ExpectLogits(output.Tensor);
                break;
            case OutputKind.InstanceMasks:
                Expect(graph.Outputs, "output", "output.tensor", output.Tensor, "float", "1", AnySize, AnySize);
                Expect(graph.Outputs, "output", "output.prototypes", output.Prototypes!, "float", "1", AnySize, AnySize, AnySize);
                break;
            case OutputKind.PointMap:
                bool interleaved = graph.Outputs.FirstOrDefault(t => t.Name == output.Tensor)?.Shape is [_, _, _, "3"];
                Expect(graph.Outputs, "output", "output.tensor", output.Tensor, "float", interleaved ? ["1", AnySize, AnySize, "3"]
                    : ["1", "3", AnySize, AnySize]);
                if (output.ScaleTensor is { } scale)
                {
                    ExpectNumber(graph.Outputs, "output", "output.scale_tensor", scale, "float");
                }

                ExpectConfidencePlane();
                break;
            case OutputKind.MetricDepth or OutputKind.InverseDepth:
                ExpectPlane("output.tensor", output.Tensor);
                ExpectConfidencePlane();
                if (output.Sky is { } sky)
                {
                    ExpectPlane("output.sky", sky);
                }

                break;
            default:
                throw new NotSupportedException($"The tensors of {output.Kind} are missing in {nameof(GraphContract)}.");
        }
    }

    private void ExpectConfidencePlane()
    {
        if (manifest.Output.Confidence is { } trust)
        {
            ExpectPlane("output.confidence", trust);
        }
    }

    /// <summary>[] or [1].</summary>
    private void ExpectNumber(IEnumerable<GraphTensor> tensors, string what, string key, string name, params ReadOnlySpan<string> types)
    {
        GraphTensor? found = tensors.FirstOrDefault(t => t.Name == name);
        string type = found is not null && types.Contains(found.Type) ? found.Type : types[0];
        Expect(tensors, what, key, name, type, found?.Shape is { Length: 0 } ? [] : ["1"]);
    }

    /// <summary>[1,h,w] or [1,1,h,w] of any size.</summary>
    private void ExpectPlane(string key, string name)
    {
        bool flat = graph.Outputs.FirstOrDefault(t => t.Name == name)?.Shape is { Length: 3 };
        Expect(graph.Outputs, "output", key, name, "float", flat ? ["1", AnySize, AnySize] : ["1", "1", AnySize, AnySize]);
    }

    private void ExpectLogits(string name)
    {
        Expect(graph.Outputs, "output", "output.tensor", name, "float", "1", AnySize, AnySize, AnySize);
        int last = manifest.Classes.Max(c => c.Id);
        if (graph.Outputs.FirstOrDefault(t => t.Name == name)?.Shape is { Length: 4 } shape
            && int.TryParse(shape[1], NumberStyles.None, CultureInfo.InvariantCulture, out int channels)
            && channels <= last)
        {
            _contradictions.Add($"the manifest names a class with id {last}, but output '{name}' has {channels} channels; ids count channels from 0");
        }
    }

    private void Expect(IEnumerable<GraphTensor> tensors, string what, string key, string name, string type, params ReadOnlySpan<string> shape)
    {
        _known.Add(name);
        string expected = $"{type} [{string.Join(',', shape!)}]";
        GraphTensor? found = tensors.FirstOrDefault(t => t.Name == name);
        if (found is null)
        {
            string all = string.Join("; ", tensors.Select(t => t.ToString()));
            _contradictions.Add($"{key} names the {what} '{name}' ({expected}), which the graph does not have; its {what}s: {(all.Length > 0 ? all : "none")}");
            return;
        }

        if (found.Type != type || !Fits(found, shape))
        {
            _contradictions.Add($"{key}: expected the {what} '{name}' to be {expected}, found {found.Type} {found.ShapeText}");
        }
    }

    private static bool Fits(GraphTensor tensor, ReadOnlySpan<string> expected)
    {
        if (tensor.Shape is not { } shape)
        {
            // The graph does not say; the trial run while loading finds out.
            return true;
        }

        if (shape.Length != expected.Length)
        {
            return false;
        }

        for (int i = 0; i < shape.Length; i++)
        {
            bool isFixed = long.TryParse(shape[i], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _);
            bool fits = expected[i] switch
            {
                AnySize => true,
                Varies => !isFixed,
                _ => !isFixed || shape[i] == expected[i],
            };
            if (!fits)
            {
                return false;
            }
        }

        return true;
    }

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
