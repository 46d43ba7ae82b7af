using System.Collections.Immutable;

namespace VisionBanana.Edge.Perception;

/// <summary>What a server says of a graph that it runs.</summary>
/// <param name="Model">Its name there.</param>
/// <param name="Versions">The versions that are served.</param>
/// <param name="Platform">What runs it, e.g. <c>onnxruntime_onnx</c>.</param>
/// <param name="Inputs">Its inputs.</param>
/// <param name="Outputs">Its outputs.</param>
public sealed record ServedGraph(
    string Model, ImmutableArray<string> Versions, string Platform, ImmutableArray<ServedTensor> Inputs, ImmutableArray<ServedTensor> Outputs);
