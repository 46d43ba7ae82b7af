using System.Collections.Immutable;

namespace VisionBanana.Edge.Perception;

/// <summary>A tensor with its values, as it travels to a server that runs graphs and back.</summary>
/// <param name="Name">The input or output of the graph.</param>
/// <param name="DataType">Its element type as the Open Inference Protocol calls it: <c>FP32</c>, <c>INT64</c>, ….</param>
/// <param name="Shape">Its dimensions.</param>
/// <param name="Data">Its elements, little endian, row by row, without gaps; belongs to who made it.</param>
public sealed record GraphValue(string Name, string DataType, ImmutableArray<long> Shape, ReadOnlyMemory<byte> Data);
