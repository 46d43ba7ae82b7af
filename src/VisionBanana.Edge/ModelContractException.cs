namespace VisionBanana.Edge;

/// <summary>A model package does not hold what its manifest promises, or the manifest itself is wrong.</summary>
public class ModelContractException : VisionBananaException
{
    /// <summary>Creates the error with a message that says what was expected, what was found and what to do.</summary>
    public ModelContractException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
