using System.Diagnostics.CodeAnalysis;

namespace VisionBanana.Edge.Instructions;

/// <content>Reading instructions from text.</content>
public abstract partial record Instruction
{
    /// <summary>
    /// Reads an instruction: any prompt that an instruction writes, the other wordings of the paper's project page, or a short form —
    /// <c>depth</c>, <c>normals</c>, <c>labels</c> (every class of the model), <c>instances:chair</c>, <c>refer:the red mug</c>.
    /// Case, runs of white space and a closing full stop do not matter; colours as in <see cref="ColourText"/>.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="classes">
    /// The classes of the model that will paint, which give the classes of a prompt their ids; a class it does not have is an error,
    /// except <c>background</c>, which gets 0 or, where 0 is taken, the id after the largest. Null: 1, 2, … in the order of the prompt, background 0.
    /// </param>
    /// <exception cref="InstructionFormatException">The text is none of these; the message shows where and what was expected.</exception>
    public static Instruction Parse(string text, LabelPalette? classes = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new InstructionGrammar(text, classes).Read();
    }

    /// <summary>As <see cref="Parse"/>, with the message instead of the exception.</summary>
    public static bool TryParse(
        string text, LabelPalette? classes, [NotNullWhen(true)] out Instruction? instruction, [NotNullWhen(false)] out string? problem)
    {
        try
        {
            instruction = Parse(text, classes);
            problem = null;
            return true;
        }
        catch (InstructionFormatException e)
        {
            instruction = null;
            problem = e.Message;
            return false;
        }
    }
}
