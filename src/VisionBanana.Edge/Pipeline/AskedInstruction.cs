namespace VisionBanana.Edge.Pipeline;

/// <summary>An instruction as text and how often it is asked: how instructions travel.</summary>
/// <param name="Ask">A text for <see cref="Instructions.Instruction.Parse(string, Instructions.LabelPalette?)"/>.</param>
/// <param name="Every">1 = every picture, 3 = every third.</param>
public sealed record AskedInstruction(string Ask, int Every = 1);
