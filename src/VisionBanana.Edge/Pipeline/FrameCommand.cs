namespace VisionBanana.Edge.Pipeline;

/// <summary>
/// Asks for one picture: the next one answers the instruction given, beside what is due, or every instruction of the schedule when none
/// is given. A paused pipeline lets this one picture through and stays paused. Requests that come before that picture share it.
/// </summary>
/// <param name="Ask">A text for <see cref="Instructions.Instruction.Parse(string, Instructions.LabelPalette?)"/>, or null.</param>
public sealed record FrameCommand(string? Ask = null) : PipelineCommand;
