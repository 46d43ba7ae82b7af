namespace VisionBanana.Edge;

/// <summary>
/// The base of every error this SDK raises on purpose. Its message says what was expected, what was found and what to do, and holds no secrets.
/// </summary>
public abstract class VisionBananaException : Exception
{
    private protected VisionBananaException(string message, Exception? innerException)
        : base(Redactor.Text(message), innerException)
    {
    }
}
