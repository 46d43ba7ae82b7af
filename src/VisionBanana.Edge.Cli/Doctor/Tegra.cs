using System.Globalization;
using System.Text.RegularExpressions;

namespace VisionBanana.Edge.Cli.Doctor;

/// <summary>Reads what Jetson boards say about themselves.</summary>
internal static partial class Tegra
{
    /// <summary>L4T releases and the JetPack each belongs to, newest first.</summary>
    private static readonly (string L4T, string JetPack)[] Releases =
    [
        ("38.4", "7.1"), ("38.2", "7.0"), ("36.4.4", "6.2.1"), ("36.4.3", "6.2"), ("36.4", "6.1"), ("36.3", "6.0"),
        ("35.6", "5.1.4"), ("35.5", "5.1.3"), ("35.4", "5.1.2"), ("35.3", "5.1.1"), ("35.2", "5.1"), ("35.1", "5.0.2"),
    ];

    /// <summary>The L4T version, e.g. <c>36.4.3</c>, of the first line of <c>/etc/nv_tegra_release</c>; null when it is no such line.</summary>
    public static string? L4T(string release) =>
        ReleaseLine().Match(release) is { Success: true } match ? $"{match.Groups[1].Value}.{match.Groups[2].Value}" : null;

    /// <summary>The JetPack of an L4T version, e.g. <c>6.2</c>; null when it is not known here.</summary>
    public static string? JetPack(string l4t) =>
        Releases.FirstOrDefault(r => l4t == r.L4T || l4t.StartsWith(r.L4T + ".", StringComparison.Ordinal)).JetPack;

    /// <summary>The mode of <c>nvpmodel -q</c>, e.g. <c>MAXN_SUPER (0)</c>; null when it names none.</summary>
    public static string? PowerMode(string output)
    {
        string[] lines = output.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        int line = Array.FindIndex(lines, l => l.StartsWith("NV Power Mode:", StringComparison.Ordinal));
        if (line < 0)
        {
            return null;
        }

        string name = lines[line].Split(':', 2)[1].Trim();
        return line + 1 < lines.Length && int.TryParse(
            lines[line + 1], NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? $"{name} ({number})" : name;
    }

    [GeneratedRegex(@"^# R(\d+) \(release\), REVISION: ([\d.]+)", RegexOptions.CultureInvariant)]
    private static partial Regex ReleaseLine();
}
