using System.Collections.Immutable;

namespace VisionBanana.Edge.Onnx.Execution;

/// <summary>What the ladder came to.</summary>
/// <param name="Lease">The session.</param>
/// <param name="Variant">The file that runs, and what is computed.</param>
/// <param name="Report">Every rung.</param>
internal sealed record OpenedSession(SessionLease Lease, ModelVariant Variant, ImmutableArray<ProviderAttempt> Report);
