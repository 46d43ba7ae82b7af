using System.Globalization;
using System.Net;

namespace VisionBanana.Edge.Network;

/// <summary>The address of a stream in its parts, so that its secrets go where they are needed and nowhere else.</summary>
/// <param name="Scheme">In lower case.</param>
/// <param name="Login">User and password, or null.</param>
/// <param name="Host">Name or IP address; IPv6 without brackets.</param>
/// <param name="Port">The port, which may be that of the scheme.</param>
/// <param name="Path">Begins with '/'.</param>
/// <param name="Query">Empty, or begins with '?'.</param>
internal sealed record StreamAddress(string Scheme, NetworkCredential? Login, string Host, int Port, string Path, string Query)
{
    /// <summary>Host and port as addresses have them.</summary>
    public string Authority => $"{HostInAddress}:{Port.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>The host as addresses have it.</summary>
    public string HostInAddress => Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host;

    /// <summary>The path as anybody may see it: what may be secret in it is left out.</summary>
    public string OpenPath => Redactor.Address($"any://host{Path}")["any://host".Length..].Replace("…", "-", StringComparison.Ordinal);

    /// <summary>That part of the query that anybody may see.</summary>
    public string OpenQuery => Query.Length == 0 ? "" : string.Join('&', Redactor.Address($"any://host/{Query}")["any://host/?".Length..].Split('&')
        .Where(p => !p.Contains('…', StringComparison.Ordinal))) is { Length: > 0 } parts ? "?" + parts : "";

    /// <summary>Takes an address apart.</summary>
    /// <exception cref="CameraException">It names no host, or a port that is none.</exception>
    public static StreamAddress Parse(string url)
    {
        int start = url.IndexOf("://", StringComparison.Ordinal) + 3, end = url.IndexOfAny(['/', '?', '#'], start) is var e and >= 0 ? e : url.Length;
        string scheme = url[..(start - 3)].ToLowerInvariant(), authority = url[start..end], rest = url[end..].Split('#')[0];
        int at = authority.LastIndexOf('@'), query = rest.IndexOf('?', StringComparison.Ordinal);
        (string host, string port) = Split(authority[(at + 1)..]);
        int number = Default(scheme);
        if (host.Any(c => char.IsWhiteSpace(c) || char.IsControl(c)) || (host.Length == 0 && scheme != "udp")
            || (port.Length > 0 && (!int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out number) || number is < 1 or > 65535)))
        {
            throw new CameraException($"'{Redactor.Address(url)}' names no host and port: expected {scheme}://host:port/path. "
                + "A user or password with one of :/?#@ in it needs that written as %3A, %2F, %3F, %23, %40.");
        }

        return new StreamAddress(
            scheme,
            at < 0 ? null : LoginOf(authority[..at]),
            host,
            number,
            query == 0 || rest.Length == 0 ? "/" : query < 0 ? rest : rest[..query],
            query < 0 ? "" : rest[query..]);
    }

    /// <summary>The port of a scheme.</summary>
    public static int Default(string scheme) => scheme switch { "http" => 80, "https" => 443, "rtsp" => 554, "rtsps" => 322, "rtmp" => 1935, _ => 0 };

    private static NetworkCredential LoginOf(string user)
    {
        string[] parts = user.Split(':', 2);
        return new NetworkCredential(Uri.UnescapeDataString(parts[0]), parts.Length > 1 ? Uri.UnescapeDataString(parts[1]) : "");
    }

    private static (string Host, string Port) Split(string place)
    {
        int bracket = place.StartsWith('[') ? place.IndexOf(']', StringComparison.Ordinal) : -1;
        int colon = place.IndexOf(':', bracket + 1);
        string host = colon < 0 ? place : place[..colon];
        return (host.Trim('[', ']'), colon < 0 ? "" : place[(colon + 1)..]);
    }
}
