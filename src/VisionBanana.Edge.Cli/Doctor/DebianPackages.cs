namespace VisionBanana.Edge.Cli.Doctor;

/// <summary>Reads what dpkg says is installed.</summary>
internal static class DebianPackages
{
    /// <summary>The format that <see cref="Parse"/> reads, for <c>dpkg-query -W -f</c>.</summary>
    public const string Format = "${Package}\\t${Version}\\t${db:Status-Abbrev}\\n";

    /// <summary>Name and version of each package that is installed whole.</summary>
    public static IReadOnlyDictionary<string, string> Parse(string output)
    {
        var packages = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string line in output.Split('\n'))
        {
            // ii: wanted and installed. rc and others are remains.
            if (line.Split('\t') is [var name, var version, var state] && state.StartsWith("ii", StringComparison.Ordinal))
            {
                packages[name] = version;
            }
        }

        return packages;
    }
}
