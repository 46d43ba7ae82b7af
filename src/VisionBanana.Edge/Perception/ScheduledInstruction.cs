using VisionBanana.Edge.Instructions;

namespace VisionBanana.Edge.Perception;

/// <summary>An instruction and how often it is asked.</summary>
/// <param name="Instruction">What is asked.</param>
/// <param name="Every">1 = every picture, 3 = every third.</param>
public sealed record ScheduledInstruction(Instruction Instruction, int Every = 1);
