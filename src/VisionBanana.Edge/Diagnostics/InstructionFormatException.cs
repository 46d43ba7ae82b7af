namespace VisionBanana.Edge.Diagnostics;

/// <summary>An instruction text cannot be understood.</summary>
public class InstructionFormatException : VisionBananaException
{
    /// <summary>Creates the error with a message that says what was expected, what was found and what to do.</summary>
    public InstructionFormatException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
