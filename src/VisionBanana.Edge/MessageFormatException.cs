namespace VisionBanana.Edge;

/// <summary>Bytes that were received are not the message they claim to be.</summary>
public class MessageFormatException : VisionBananaException
{
    /// <summary>Creates the error with a message that says what was expected, what was found and what to do.</summary>
    public MessageFormatException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
