using Microsoft.AspNetCore.Http;
using VisionBanana.Edge.Cli.Network;

namespace VisionBanana.Edge.Cli.Foxglove;

/// <summary>What every viewer passes before it is let in: by which name it calls us, from which page, with which secret.</summary>
internal sealed class FoxgloveGuard(FoxgloveOptions options, AccessToken? token)
{
    /// <summary>
    /// Pages that are viewers: the desktop programs of Foxglove and Lichtblick, their sites, and the address at which their containers serve them.
    /// </summary>
    public static readonly string[] KnownOrigins =
    [
        "file://",
        "https://app.foxglove.dev",
        "https://studio.foxglove.dev",
        "https://lichtblick-suite.github.io",
        "http://localhost:8080",
    ];

    /// <summary>Returns null when the viewer may come in, or the status and the reason why not.</summary>
    public (int Status, string Reason)? Check(HttpRequest request)
    {
        if (!OwnHost.IsOurs(request.Host.Host, options.HostNames))
        {
            return (StatusCodes.Status421MisdirectedRequest,
                $"This server does not answer to the name '{OwnHost.Shown(request.Host.Host)}': use its number or localhost, "
                + "or add the name to foxglove.host_names in the pipeline file.");
        }

        string origin = request.Headers.Origin.ToString();
        if (!IsKnown(origin))
        {
            return (StatusCodes.Status403Forbidden,
                $"Pages of '{OwnHost.Shown(origin)}' may not look: a Foxglove or Lichtblick of your own is added to foxglove.origins in the pipeline file.");
        }

        return token is null || token.IsShownBy(request) || (request.Query["token"] is [{ } given] && token.Is(given))
            ? null
            : (StatusCodes.Status401Unauthorized,
                "This server asks for a token: open the address that vbedge run printed, ws://…/?token=TOKEN, or send 'Authorization: Bearer TOKEN'.");
    }

    // Browsers always say from which page they open a socket; who says nothing is no browser, and no page can make it act.
    private bool IsKnown(string origin) =>
        origin.Length == 0 || KnownOrigins.Concat(options.Origins).Contains(origin, StringComparer.OrdinalIgnoreCase);
}
