using System.Collections.Immutable;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using VisionBanana.Edge.Onnx.Models;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Onnx.Painting;

/// <summary>A graph that a server runs: bound tensors are copied there and back. A run allocates; it is bounded by the server's deadline.</summary>
internal sealed class RemoteGraph(IGraphServer server, ModelGraphSummary graph) : IGraphEngine
{
    /// <summary>Gives a run up.</summary>
    public CancellationToken Stopping { get; set; }

    public GraphBinding Bind(TensorMemory memory) => new(null, memory);

    public void Run(GraphBinding binding, int shape)
    {
        IReadOnlyList<GraphValue> answer = server.Run(ValuesOf(binding.BoundInputs), [.. binding.BoundOutputs.Select(o => o.Name)], Stopping);
        for (int i = 0; i < binding.BoundOutputs.Count; i++)
        {
            (string name, BoundTensor tensor) = binding.BoundOutputs[i];
            Span<byte> target = tensor.Value.GetTensorMutableRawData();
            OrtTensorTypeAndShapeInfo info = tensor.Value.GetTensorTypeAndShape();
            GraphValue found = answer[i];
            if (found.DataType != NameOf(info.ElementDataType) || found.Data.Length != target.Length || !found.Shape.SequenceEqual(info.Shape))
            {
                throw new InferenceException(
                    $"{server.Name} answered with {Describe(found.DataType, found.Shape)} of {found.Data.Length} bytes for '{name}', expected "
                        + $"{Describe(NameOf(info.ElementDataType), [.. info.Shape])}.");
            }

            found.Data.Span.CopyTo(target);
        }
    }

    public (TensorElementType Type, int Rank) InputOf(string name)
    {
        GraphTensor input = graph.Inputs.First(i => i.Name == name);
        return (input.Type == "int64" ? TensorElementType.Int64 : TensorElementType.Float, input.Shape?.Length ?? 0);
    }

    public (TensorElementType Type, long[] Shape) OutputOf(IReadOnlyList<(string Name, BoundTensor Tensor)> inputs, string output)
    {
        GraphValue found = server.Run(ValuesOf(inputs), [output], Stopping)[0];
        return (found.DataType == NameOf(TensorElementType.Float) ? TensorElementType.Float : TensorElementType.DataTypeMax, [.. found.Shape]);
    }

    /// <summary>What contradicts what the package says of its graph, in the words of people; empty when nothing does.</summary>
    public static IEnumerable<string> Contradictions(ServedGraph served, ModelGraphSummary graph)
    {
        foreach ((string what, ImmutableArray<GraphTensor> expected, ImmutableArray<ServedTensor> found) in
            new[] { ("input", graph.Inputs, served.Inputs), ("output", graph.Outputs, served.Outputs) })
        {
            foreach (GraphTensor tensor in expected)
            {
                if (found.FirstOrDefault(f => f.Name == tensor.Name) is not { } there)
                {
                    yield return $"expected the {what} {tensor}, found none of that name among {NamesOf(found)}";
                }
                else if (!IsType(there.DataType, tensor.Type))
                {
                    yield return $"expected the {what} '{tensor.Name}' to be {tensor.Type}, found {there.DataType}";
                }
                else if (tensor.Shape is { } shape && !Fits(there.Shape, shape))
                {
                    yield return $"expected the {what} '{tensor.Name}' to be {tensor.ShapeText}, found [{string.Join(',', there.Shape)}]";
                }
            }

            foreach (ServedTensor other in found.Where(f => what == "input" && expected.All(e => e.Name != f.Name)))
            {
                yield return $"the server asks for an input '{other.Name}' that the package does not know";
            }
        }
    }

    private static GraphValue[] ValuesOf(IReadOnlyList<(string Name, BoundTensor Tensor)> tensors) =>
    [
        .. tensors.Select(t =>
        {
            OrtTensorTypeAndShapeInfo info = t.Tensor.Value.GetTensorTypeAndShape();
            return new GraphValue(t.Name, NameOf(info.ElementDataType), [.. info.Shape], t.Tensor.Value.GetTensorMutableRawData().ToArray());
        }),
    ];

    private static string NameOf(TensorElementType type) => type switch
    {
        TensorElementType.Float => "FP32",
        TensorElementType.Int64 => "INT64",
        _ => throw new NotSupportedException($"Expected float or int64, found {type}."),
    };

    private static bool IsType(string found, string expected) => expected switch
    {
        "float" => found == "FP32",
        "int64" => found == "INT64",
        "float16" => found == "FP16",
        _ => string.Equals(found, expected, StringComparison.OrdinalIgnoreCase),
    };

    // What one of both leaves open fits anything.
    private static bool Fits(ImmutableArray<long> found, ImmutableArray<string> expected) =>
        found.Length == expected.Length
        && found.Zip(expected).All(d => d.First == -1 || !long.TryParse(d.Second, out long number) || number == d.First);

    private static string NamesOf(ImmutableArray<ServedTensor> tensors) => tensors.IsEmpty ? "none" : string.Join(", ", tensors.Select(t => $"'{t.Name}'"));

    private static string Describe(string type, ImmutableArray<long> shape) => $"{type} [{string.Join(',', shape)}]";
}
