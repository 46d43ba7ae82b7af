namespace VisionBanana.Edge;

/// <summary>A camera, video file or picture cannot be opened or is gone for good.</summary>
public class CameraException : VisionBananaException
{
    /// <summary>Creates the error with a message that says what was expected, what was found and what to do.</summary>
    public CameraException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
