using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace VisionBanana.Edge.Network;

/// <summary>Answers what a camera asks before it lets somebody in: Basic, and Digest with MD5 or SHA-256 (RFC 7616).</summary>
internal sealed partial class RtspLogin(NetworkCredential login)
{
    private Dictionary<string, string>? _digest;
    private bool _isBasic;
    private int _count;

    /// <summary>Takes what a camera asks; false when it is nothing that can be answered.</summary>
    public bool TryTake(IEnumerable<string> challenges)
    {
        (_digest, _isBasic, _count) = (null, false, 0);
        foreach (string challenge in challenges)
        {
            if (challenge.StartsWith("Digest", StringComparison.OrdinalIgnoreCase))
            {
                var asked = Values().Matches(challenge).GroupBy(m => m.Groups["name"].Value, StringComparer.OrdinalIgnoreCase)
                    .ToDictionary(g => g.Key, g => g.First().Groups["quoted"].Success ? g.First().Groups["quoted"].Value : g.First().Groups["plain"].Value,
                        StringComparer.OrdinalIgnoreCase);
                bool known = asked.GetValueOrDefault("algorithm", "MD5").ToUpperInvariant() is "MD5" or "SHA-256";
                _digest = known && (_digest is null || asked.ContainsKey("algorithm")) ? asked : _digest;
            }

            _isBasic |= challenge.StartsWith("Basic", StringComparison.OrdinalIgnoreCase);
        }

        return _digest is not null || _isBasic;
    }

    /// <summary>The line for a request; null when nothing was asked.</summary>
    public string? Header(string method, string address) => _digest is { } asked ? $"Authorization: Digest {Digest(asked, method, address)}"
        : _isBasic ? $"Authorization: Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{login.UserName}:{login.Password}"))}"
        : null;

    private string Digest(Dictionary<string, string> asked, string method, string address)
    {
        string realm = asked.GetValueOrDefault("realm", ""), nonce = asked.GetValueOrDefault("nonce", "");
        bool withQuality = asked.GetValueOrDefault("qop", "").Split(',').Any(q => q.Trim().Equals("auth", StringComparison.OrdinalIgnoreCase));
        string algorithm = asked.GetValueOrDefault("algorithm", "MD5");
        string count = (++_count).ToString("x8", CultureInfo.InvariantCulture), own = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
        string Hash(string text) => Convert.ToHexStringLower(Hashed(algorithm, Encoding.UTF8.GetBytes(text)));
        string user = Hash($"{login.UserName}:{realm}:{login.Password}"), request = Hash($"{method}:{address}");
        string response = withQuality ? Hash($"{user}:{nonce}:{count}:{own}:auth:{request}") : Hash($"{user}:{nonce}:{request}");
        return $"username=\"{login.UserName}\", realm=\"{realm}\", nonce=\"{nonce}\", uri=\"{address}\", response=\"{response}\""
            + (asked.ContainsKey("algorithm") ? $", algorithm={algorithm}" : "")
            + (asked.TryGetValue("opaque", out string? opaque) ? $", opaque=\"{opaque}\"" : "")
            + (withQuality ? $", qop=auth, nc={count}, cnonce=\"{own}\"" : "");
    }

#pragma warning disable CA5351 // MD5 is what cameras ask for; it protects no more than it can.
    private static byte[] Hashed(string algorithm, byte[] text) =>
        algorithm.Equals("SHA-256", StringComparison.OrdinalIgnoreCase) ? SHA256.HashData(text) : MD5.HashData(text);
#pragma warning restore CA5351

    [GeneratedRegex("""(?<name>\w+)\s*=\s*(?:"(?<quoted>[^"]*)"|(?<plain>[^\s,]+))""", RegexOptions.CultureInvariant)]
    private static partial Regex Values();
}
