using System.Collections.Immutable;

namespace VisionBanana.Edge.Perception;

/// <summary>What a server says of an input or output of a graph.</summary>
/// <param name="Name">Its name.</param>
/// <param name="DataType">Its element type as the Open Inference Protocol calls it: <c>FP32</c>, <c>INT64</c>, ….</param>
/// <param name="Shape">Its dimensions; −1 = left open.</param>
public sealed record ServedTensor(string Name, string DataType, ImmutableArray<long> Shape);
