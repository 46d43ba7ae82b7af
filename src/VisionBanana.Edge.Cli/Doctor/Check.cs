namespace VisionBanana.Edge.Cli.Doctor;

/// <summary>One line of the doctor's report.</summary>
/// <param name="Name">What was looked at.</param>
/// <param name="Status">How it is.</param>
/// <param name="Found">What was found.</param>
/// <param name="Remedy">What to do; null when nothing needs doing.</param>
internal sealed record Check(string Name, CheckStatus Status, string Found, string? Remedy = null)
{
    /// <summary>All is well.</summary>
    public static Check Well(string name, string found) => new(name, CheckStatus.Well, found);

    /// <summary>Looks at something that explains itself when it fails.</summary>
    public static Check Try(string name, CheckStatus otherwise, Func<string> look)
    {
        try
        {
            return Well(name, look());
        }
        catch (VisionBananaException e)
        {
            return new Check(name, otherwise, "does not work", e.Message);
        }
    }
}
