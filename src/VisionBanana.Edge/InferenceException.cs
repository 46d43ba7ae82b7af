namespace VisionBanana.Edge;

/// <summary>The inference engine failed while a model was loaded or run.</summary>
public class InferenceException : VisionBananaException
{
    /// <summary>Creates the error with a message that says what was expected, what was found and what to do.</summary>
    public InferenceException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
