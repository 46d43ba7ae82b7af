namespace VisionBanana.Edge;

/// <summary>An instruction text cannot be understood. The message shows the text with a caret under the place.</summary>
public class InstructionFormatException : VisionBananaException
{
    private const int LinesWidth = 100;

    /// <summary>Creates the error with a message that says what was expected, what was found and what to do.</summary>
    public InstructionFormatException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    /// <summary>Creates the error for a place in a text.</summary>
    /// <param name="text">The whole text.</param>
    /// <param name="position">0-based index of the first character that does not fit; the length of the text when it ends too early.</param>
    /// <param name="problem">What was expected and what was found there.</param>
    public InstructionFormatException(string text, int position, string problem)
        : base($"The instruction cannot be read at position {position}: {problem}{Environment.NewLine}{PointAt(text, position)}", null) =>
        Position = position;

    /// <summary>0-based index of the first character that does not fit.</summary>
    public int Position { get; }

    private static string PointAt(string text, int position)
    {
        // A long text is cut to a window around the place, so that the caret stays on its line.
        int start = text.Length <= LinesWidth ? 0 : Math.Clamp(position - (LinesWidth / 2), 0, text.Length - LinesWidth);
        string window = string.Concat(text.AsSpan(start, Math.Min(LinesWidth, text.Length - start)).ToString().Select(c => char.IsControl(c) ? ' ' : c));
        return $"  {window}{Environment.NewLine}  {new string(' ', position - start)}^";
    }
}
