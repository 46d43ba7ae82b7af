using System.Collections.Immutable;

namespace VisionBanana.Edge.Pipeline;

/// <summary>What commands can change of a pipeline.</summary>
/// <param name="IsPaused">True while no picture is painted, except those asked for with <see cref="FrameCommand"/>.</param>
/// <param name="Instructions">What is asked, in the paper's wording, ready to be set again.</param>
public sealed record PipelineState(bool IsPaused, ImmutableArray<AskedInstruction> Instructions);
