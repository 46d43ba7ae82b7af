using System.Collections.Immutable;

namespace VisionBanana.Edge.Pipeline;

/// <summary>Replaces everything that is asked, from the next picture on. All of it or, when one instruction cannot be answered, nothing.</summary>
/// <param name="Instructions">What is asked from then on.</param>
public sealed record SetInstructionsCommand(ImmutableArray<AskedInstruction> Instructions) : PipelineCommand;
