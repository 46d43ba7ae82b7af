using System.Text.RegularExpressions;

namespace VisionBanana.Edge;

/// <summary>
/// Takes secrets out of what is shown: every error, log line, message, report, page and recording goes through it. Of an address it leaves scheme,
/// host, port, path, and those parts of the query that are known to be harmless; user, password and every other value become <c>…</c>. Of a command
/// (<c>exec:</c>) it leaves the program.
/// </summary>
public static partial class Redactor
{
    private const string Hidden = "…";

    private static readonly HashSet<string> Harmless = new(StringComparer.OrdinalIgnoreCase)
    {
        "action", "buffer_size", "camera", "cam", "ch", "channel", "codec", "compression", "fifo_size", "format", "fps", "framerate", "height", "h", "listen",
        "mode", "overrun_nonfatal", "pkt_size", "profile", "quality", "rate", "resolution", "reuse", "size", "stream", "streamtype", "subtype", "timeout",
        "transport", "ttl", "type", "videocodec", "width", "w",
    };

    /// <summary>A text, with the addresses in it as they may be shown.</summary>
    public static string Text(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Contains("://", StringComparison.Ordinal) || text.Contains('@', StringComparison.Ordinal)
            ? UserBeforeHost().Replace(Url().Replace(text, m => Shown(m.Value)), Hidden + "@")
            : text;
    }

    /// <summary>The whole of a text that is one address, whatever stands in it.</summary>
    public static string Address(string address)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (address.StartsWith("exec:", StringComparison.OrdinalIgnoreCase))
        {
            // Of a command the program alone: any of its arguments may be a password.
            int program = address.IndexOfAny([' ', '\t', '\'', '"'], 5);
            return program < 0 ? address : $"{address[..program]} {Hidden}";
        }

        int mark = address.IndexOf("://", StringComparison.Ordinal), start = mark < 0 ? 0 : mark + 3;
        int end = EndOfAuthority(address, start), at = end > start ? address.LastIndexOf('@', end - 1, end - start) : -1, last = address.LastIndexOf('@');

        // A password with '/' or '?' in it: what stands before them is no host and port then.
        if (at < start && last > end && !HostAndPort().IsMatch(address.AsSpan(start, end - start)))
        {
            at = last;
            end = EndOfAuthority(address, at + 1);
        }

        if (mark < 0 && (at < 0 || address.IndexOf(':', 0, at) < 0))
        {
            return address;
        }

        string user = at < start ? "" : Hidden + "@", scheme = address[..start];
        string host = address[(at < start ? start : at + 1)..end];
        int query = address.AsSpan(end).IndexOfAny('?', '#') is var i and >= 0 ? end + i : address.Length;
        return $"{scheme}{user}{host}{Path(scheme, address[end..query])}{Query(address[query..])}";
    }

    private static int EndOfAuthority(string address, int start) => address.IndexOfAny(['/', '?', '#'], start) is var end and >= 0 ? end : address.Length;

    private static string Shown(string match)
    {
        string address = match.TrimEnd('.', ',', ';', ':', ')', ']', '\'', '"', '>');
        return Address(address) + match[address.Length..];
    }

    private static string Path(string scheme, string path)
    {
        string shown = SecretInPath().Replace(path, "${name}" + Hidden);

        // What comes behind the application is the key of a stream, which is all that one needs to have.
        int key = scheme.StartsWith("rtmp", StringComparison.OrdinalIgnoreCase) && path.Length > 1 ? shown.IndexOf('/', 1) : -1;
        return key < 0 || key == shown.Length - 1 ? shown : shown[..(key + 1)] + Hidden;
    }

    private static string Query(string query)
    {
        if (query.Length == 0)
        {
            return "";
        }

        int fragment = query.IndexOf('#', StringComparison.Ordinal);
        string end = fragment < 0 ? "" : "#" + Hidden;
        return (fragment == 0 ? "" : "?" + string.Join('&', query[1..(fragment < 0 ? query.Length : fragment)].Split('&').Select(Part))) + end;
    }

    private static string Part(string part)
    {
        int equals = part.IndexOf('=', StringComparison.Ordinal);
        return part.Length == 0 || (equals > 0 && Harmless.Contains(part[..equals]) && PlainValue().IsMatch(part.AsSpan(equals + 1))) ? part
            : equals < 0 ? Hidden
            : part[..(equals + 1)] + Hidden;
    }

    [GeneratedRegex(@"[A-Za-z][A-Za-z0-9+.\-]*://\S*", RegexOptions.CultureInvariant)]
    private static partial Regex Url();

    /// <summary><c>user:password@</c> without a scheme before it.</summary>
    [GeneratedRegex(@"(?<![\w…:/@])[^\s:/@'""(…]+:[^\s/@]+@(?=[\w\[])", RegexOptions.CultureInvariant)]
    private static partial Regex UserBeforeHost();

    [GeneratedRegex(@"^(\[[^\]]*\]|[^:]*)(:[0-9]*)?$", RegexOptions.CultureInvariant)]
    private static partial Regex HostAndPort();

    [GeneratedRegex(@"^[A-Za-z0-9_.,\-]{0,32}$", RegexOptions.CultureInvariant)]
    private static partial Regex PlainValue();

    /// <summary>As some recorders have it: <c>/user=admin_password=secret_channel=1.sdp</c>.</summary>
    [GeneratedRegex(
        @"(?<name>(?<![A-Za-z])(user|usr|username|login\w*|pass|passwd|password|pwd|pw|token|key|apikey|api_key|secret|auth|sig|signature|session|sid)=)"
            + @".*?(?=[/&;]|_[A-Za-z0-9]+=|$)",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex SecretInPath();
}
