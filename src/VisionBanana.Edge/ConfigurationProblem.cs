namespace VisionBanana.Edge;

/// <summary>One thing wrong with a configuration, at the place where it stands.</summary>
/// <param name="File">The file as the user named it.</param>
/// <param name="Line">1-based line, 0 when the problem concerns the file as a whole.</param>
/// <param name="Column">1-based column, 0 when the problem concerns the file as a whole.</param>
/// <param name="Message">What was expected, what was found and what to do.</param>
public sealed record ConfigurationProblem(string File, int Line, int Column, string Message)
{
    /// <summary>What was expected, what was found and what to do; without secrets.</summary>
    public string Message { get; init; } = Redactor.Text(Message);

    /// <summary><c>file:line:column: message</c>, the form that editors and terminals turn into a link.</summary>
    public override string ToString() => Line == 0 ? $"{File}: {Message}" : $"{File}:{Line}:{Column}: {Message}";
}
