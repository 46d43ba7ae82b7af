namespace VisionBanana.Edge;

/// <summary>A recording cannot be created, written, opened or read: the path, the disk or the rights.</summary>
public class RecordingException : VisionBananaException
{
    /// <summary>Creates the error with a message that says what was expected, what was found and what to do.</summary>
    public RecordingException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
