using System.Collections.Immutable;
using VisionBanana.Edge.Onnx.Execution;

namespace VisionBanana.Edge.Onnx.Engines;

/// <summary>What building an engine ahead came to.</summary>
/// <param name="Folder">The entry in the cache; null when the provider that works has no engines.</param>
/// <param name="Report">Every provider that was considered, in the order in which they were tried.</param>
public sealed record EngineBuildResult(string? Folder, ImmutableArray<ProviderAttempt> Report);
