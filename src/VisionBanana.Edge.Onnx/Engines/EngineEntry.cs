using VisionBanana.Edge.Onnx.Execution;

namespace VisionBanana.Edge.Onnx.Engines;

/// <summary>One line of <c>vbedge engine list</c>.</summary>
/// <param name="Folder">The entry's folder.</param>
/// <param name="State">Whether it may be loaded here.</param>
/// <param name="Reason">Why it may not; null when it may.</param>
/// <param name="Model">The package it was built from; empty when the manifest cannot be read.</param>
/// <param name="Provider">What it runs on; null when the manifest cannot be read.</param>
/// <param name="Precision">What it computes in.</param>
/// <param name="Bytes">What it takes on disk.</param>
/// <param name="Built">When it was built.</param>
/// <param name="BuildSeconds">How long that took.</param>
/// <param name="Used">When it was last loaded.</param>
/// <param name="Key">Everything it was built for; null when the manifest cannot be read.</param>
public sealed record EngineEntry(
    string Folder,
    EngineState State,
    string? Reason,
    string Model,
    ExecutionProvider? Provider,
    string Precision,
    long Bytes,
    DateTimeOffset Built,
    double BuildSeconds,
    DateTimeOffset Used,
    EngineKey? Key)
{
    /// <summary>Whether it gives the model's answers; null = that was not found out yet.</summary>
    public ParityVerdict? Parity { get; init; }
}
