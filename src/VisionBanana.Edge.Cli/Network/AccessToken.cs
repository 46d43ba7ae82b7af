using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace VisionBanana.Edge.Cli.Network;

/// <summary>The secret that a browser or scraper must show. A browser brings it once in the address and then as a cookie that scripts cannot read.</summary>
internal sealed class AccessToken(string value)
{
    private const int MinLength = 16;

    private readonly byte[] _hash = Hash(value);

    /// <summary>The secret.</summary>
    public string Value => value;

    /// <summary>True when the user gave it: it is not printed then.</summary>
    public bool IsGiven { get; private init; }

    /// <summary>The token of a server: from the environment, made up, or null where none is needed.</summary>
    /// <exception cref="ConfigurationException">The one in the environment is too short.</exception>
    public static AccessToken? For(string variable, IPAddress address, string what)
    {
        if (Environment.GetEnvironmentVariable(variable) is { Length: > 0 } given)
        {
            return given.Length >= MinLength
                ? new AccessToken(given) { IsGiven = true }
                : throw new ConfigurationException($"{variable}: a token of {what} has at least {MinLength} characters, found {given.Length}.");
        }

        return IPAddress.IsLoopback(address) ? null : new AccessToken(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)));
    }

    /// <summary>Whether a request shows the token as cookie or as <c>Authorization: Bearer</c>.</summary>
    public bool IsShownBy(HttpRequest request)
    {
        string header = request.Headers.Authorization.ToString();
        return (header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) && Is(header["Bearer ".Length..].Trim()))
            || (request.Cookies[CookieName(request)] is { } cookie && Is(cookie));
    }

    /// <summary>Whether a text is the token; the time it takes tells nothing about it.</summary>
    public bool Is(string text) => CryptographicOperations.FixedTimeEquals(Hash(text), _hash);

    /// <summary>Gives the browser the token to keep until it is closed.</summary>
    public void Keep(HttpContext context) => context.Response.Cookies.Append(
        CookieName(context.Request), value, new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Strict, Path = "/" });

    // Cookies know no ports: two runs on one machine must not take each other's.
    private static string CookieName(HttpRequest request) => $"vbedge_view_{request.HttpContext.Connection.LocalPort}";

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
