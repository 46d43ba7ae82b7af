namespace VisionBanana.Edge.Cli.Shell;

/// <summary>The one way out for what a command found: text for people, or with <c>--json</c> one object with <c>error</c> and <c>exit_code</c>.</summary>
internal static class Report
{
    /// <summary>Prints a report in the form that was asked for and gives back its exit code.</summary>
    /// <param name="json">Whether <c>--json</c> was given.</param>
    /// <param name="value">The keys of the object.</param>
    /// <param name="print">Prints the same for people.</param>
    /// <param name="exitCode">The exit code.</param>
    /// <param name="error">Why it is not 0; null when it is.</param>
    public static int Print<T>(bool json, T value, Action<T> print, int exitCode = ExitCode.Well, string? error = null)
    {
        if (json)
        {
            Console.WriteLine(Json.Report(value, exitCode, error));
        }
        else
        {
            print(value);
        }

        return exitCode;
    }

    /// <summary>Prints a report whose text is one of its own.</summary>
    public static int Print<T>(bool json, T value, int exitCode = ExitCode.Well, string? error = null) =>
        Print(json, value, static v => Console.WriteLine(v), exitCode, error);
}
