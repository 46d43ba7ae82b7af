using System.Net;

namespace VisionBanana.Edge.Cli.Network;

/// <summary>
/// The names by which a server of this tool lets itself be called. Another site's name that resolves to this machine is none of them (DNS rebinding).
/// </summary>
internal static class OwnHost
{
    /// <summary>True for localhost, for numbers, which cannot be another site's name, and for the names that the user gave.</summary>
    public static bool IsOurs(string host, IReadOnlyList<string> names) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || IPAddress.TryParse(host.Trim('[', ']'), out _)
        || names.Contains(host, StringComparer.OrdinalIgnoreCase);

    /// <summary>What a stranger wrote, short enough to be shown.</summary>
    public static string Shown(string text) => text.Length <= 100 ? text : text[..100] + "…";
}
