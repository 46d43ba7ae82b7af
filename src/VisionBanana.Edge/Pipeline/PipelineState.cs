using System.Collections.Immutable;

namespace VisionBanana.Edge.Pipeline;

/// <summary>What commands can change of a pipeline.</summary>
/// <param name="IsPaused">True while no picture is painted, except those asked for with <see cref="FrameCommand"/>.</param>
/// <param name="Instructions">What is asked, in the paper's wording, ready to be set again.</param>
public sealed record PipelineState(bool IsPaused, ImmutableArray<AskedInstruction> Instructions)
{
    /// <summary>What runs the model, e.g. <c>tensorrt fp16</c>; null when the painter does not say.</summary>
    public string? Engine { get; init; }

    /// <summary>Whether the engine was seen to give the model's own answers, in words; null when nobody compared them.</summary>
    public string? Parity { get; init; }

    /// <summary>Name and version of the model that answers; null when the painter does not say.</summary>
    public string? Model { get; init; }

    /// <summary>SHA-256 of the file of the model that answers, lower-case hex.</summary>
    public string? ModelSha256 { get; init; }

    /// <summary>How the last <see cref="SwitchModelCommand"/> goes or went; null = there was none.</summary>
    public string? Rollout { get; init; }
}
