namespace VisionBanana.Edge;

/// <summary>What the user asked for cannot be done as written. All problems are told at once.</summary>
public class ConfigurationException : VisionBananaException
{
    /// <summary>Creates the error for one problem that has no place in a file.</summary>
    public ConfigurationException(string message, Exception? innerException = null)
        : base(message, innerException) => Problems = [];

    /// <summary>Creates the error for every problem found in one reading.</summary>
    public ConfigurationException(IReadOnlyList<ConfigurationProblem> problems)
        : base(string.Join(Environment.NewLine, problems), null) => Problems = problems;

    /// <summary>The problems with their places; empty when the error has no place in a file.</summary>
    public IReadOnlyList<ConfigurationProblem> Problems { get; }
}
