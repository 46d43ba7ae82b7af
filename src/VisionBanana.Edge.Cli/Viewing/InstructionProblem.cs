namespace VisionBanana.Edge.Cli.Viewing;

/// <summary>What is wrong with one instruction, and where.</summary>
/// <param name="Index">Which one, from 0.</param>
/// <param name="Position">The first character of its text that does not fit; null when the text reads well and cannot be answered.</param>
/// <param name="Message">What was expected, what was found.</param>
internal sealed record InstructionProblem(int Index, int? Position, string Message);
