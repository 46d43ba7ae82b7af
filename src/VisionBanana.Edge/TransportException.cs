namespace VisionBanana.Edge;

/// <summary>A broker, socket or peer cannot be reached or refused us.</summary>
public class TransportException : VisionBananaException
{
    /// <summary>Creates the error with a message that says what was expected, what was found and what to do.</summary>
    public TransportException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
