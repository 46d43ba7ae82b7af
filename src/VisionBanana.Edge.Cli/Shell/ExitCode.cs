namespace VisionBanana.Edge.Cli.Shell;

/// <summary>What the process tells its caller.</summary>
internal static class ExitCode
{
    /// <summary>Done.</summary>
    public const int Well = 0;

    /// <summary>Something that should have worked did not.</summary>
    public const int Failed = 1;

    /// <summary>The command line or a configuration is wrong.</summary>
    public const int WrongUsage = 2;

    /// <summary>Ended by Ctrl-C or a termination signal.</summary>
    public const int Interrupted = 130;
}
