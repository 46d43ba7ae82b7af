namespace VisionBanana.Edge;

/// <summary>A camera or stream is not there now, and may come: nothing that was said of it is known to be wrong.</summary>
public sealed class CameraAbsentException : CameraException
{
    /// <summary>Creates the error with a message that says what was expected, what was found and what to do.</summary>
    public CameraAbsentException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
