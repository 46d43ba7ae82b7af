using System.Collections.Immutable;
using VisionBanana.Edge.Onnx.Execution;

namespace VisionBanana.Edge.Onnx.Sessions;

/// <summary>What the ladder came to.</summary>
/// <param name="Lease">The session.</param>
/// <param name="Variant">The file that runs, and what is computed.</param>
/// <param name="Report">Every rung.</param>
internal sealed record OpenedSession(SessionLease Lease, ModelVariant Variant, ImmutableArray<ProviderAttempt> Report);
