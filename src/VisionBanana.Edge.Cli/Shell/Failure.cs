namespace VisionBanana.Edge.Cli.Shell;

/// <summary>The one way out for what went wrong: lines on standard error, and with <c>--json</c> an object with <c>error</c> and <c>exit_code</c>.</summary>
internal static class Failure
{
    /// <summary>The error of a command that a signal ended.</summary>
    public const string InterruptedError = "interrupted";

    /// <summary>Tells an error and gives back its exit code.</summary>
    public static int Tell(string message, int exitCode, bool json)
    {
        TellOnStandardError(message);
        if (json)
        {
            Console.WriteLine(Json.Report(new { }, exitCode, message));
        }

        return exitCode;
    }

    /// <summary>Says nothing, but to programs that read JSON.</summary>
    public static int Interrupted(bool json)
    {
        if (json)
        {
            Console.WriteLine(Json.Report(new { }, ExitCode.Interrupted, InterruptedError));
        }

        return ExitCode.Interrupted;
    }

    /// <summary>Each line with the name of the program.</summary>
    public static void TellOnStandardError(string message)
    {
        foreach (string line in Redactor.Text(message).Split(Environment.NewLine))
        {
            Console.Error.WriteLine($"vbedge: {line}");
        }
    }

    /// <summary>Wrong input is the user's to mend; all else failed.</summary>
    public static int CodeOf(VisionBananaException error) => error is ConfigurationException ? ExitCode.WrongUsage : ExitCode.Failed;
}
