using System.Collections.Immutable;

namespace VisionBanana.Edge.Onnx.Models;

/// <summary>What one file of a package holds.</summary>
/// <param name="File">The file as the manifest lists it.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Opset">Version of the standard operator set.</param>
/// <param name="Producer">The program that wrote it.</param>
/// <param name="Nodes">Operators in the graph.</param>
/// <param name="Parameters">Elements of all weights.</param>
/// <param name="Inputs">Inputs with element type and shape.</param>
/// <param name="Outputs">Outputs with element type and shape.</param>
public sealed record ModelGraphSummary(
    ModelFile File,
    long Bytes,
    long Opset,
    string Producer,
    int Nodes,
    long Parameters,
    ImmutableArray<GraphTensor> Inputs,
    ImmutableArray<GraphTensor> Outputs)
{
    /// <summary>The kinds of its nodes: <c>Conv</c>, <c>com.microsoft::Attention</c>.</summary>
    public IReadOnlySet<string> Operators { get; init; } = ImmutableHashSet<string>.Empty;
}
