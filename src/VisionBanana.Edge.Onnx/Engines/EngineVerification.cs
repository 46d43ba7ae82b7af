using System.Collections.Immutable;
using VisionBanana.Edge.Onnx.Execution;

namespace VisionBanana.Edge.Onnx.Engines;

/// <summary>What <c>vbedge engine verify</c> tells of one provider.</summary>
/// <param name="Verdict">Whether it gives the model's answers.</param>
/// <param name="Precision">What it computes in, e.g. <c>fp16 (from fp32 weights)</c>.</param>
/// <param name="Report">Every provider that was considered.</param>
public sealed record EngineVerification(ParityVerdict Verdict, string Precision, ImmutableArray<ProviderAttempt> Report);
