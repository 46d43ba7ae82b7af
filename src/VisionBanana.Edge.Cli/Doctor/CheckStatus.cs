namespace VisionBanana.Edge.Cli.Doctor;

/// <summary>How a check ended.</summary>
internal enum CheckStatus
{
    /// <summary>As it should be.</summary>
    Well,

    /// <summary>Not there, and not needed for the demo.</summary>
    Missing,

    /// <summary>Something will not work until the remedy is applied.</summary>
    Problem,
}
