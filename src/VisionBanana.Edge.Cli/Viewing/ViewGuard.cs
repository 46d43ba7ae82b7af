using Microsoft.AspNetCore.Http;
using VisionBanana.Edge.Cli.Network;

namespace VisionBanana.Edge.Cli.Viewing;

/// <summary>
/// What every request passes before it is answered: who is called, from which page, with which secret. Sets the headers that bind the browser.
/// </summary>
internal sealed class ViewGuard(ViewOptions options, AccessToken? token)
{
    /// <summary>Returns null when the request may be answered, or the status and the reason why not.</summary>
    public (int Status, string Reason)? Check(HttpContext context)
    {
        HttpRequest request = context.Request;
        if (!OwnHost.IsOurs(request.Host.Host, options.HostNames))
        {
            // Another site's name that resolves to this machine: DNS rebinding.
            return (StatusCodes.Status421MisdirectedRequest,
                $"This view does not answer to the name '{OwnHost.Shown(request.Host.Host)}': use its number or localhost, "
                + "or add the name to view.host_names in the pipeline file.");
        }

        Protect(context);
        if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method))
        {
            return (StatusCodes.Status405MethodNotAllowed, "Only GET is answered here.");
        }

        if (!IsSameOrigin(request))
        {
            return (StatusCodes.Status403Forbidden, $"Pages of '{OwnHost.Shown(request.Headers.Origin.ToString())}' may not use this view.");
        }

        return token is null || request.Path == "/healthz" || token.IsShownBy(request)
            ? null
            : (StatusCodes.Status401Unauthorized, "This view asks for a token: "
                + "open the address that vbedge run printed, or send 'Authorization: Bearer TOKEN'.");
    }

    /// <summary>Carries out a first visit with the token in the address: keeps it and leads to the page without it. False when it is none.</summary>
    public bool TryLogIn(HttpContext context)
    {
        if (token is null || context.Request.Path != "/" || !OwnHost.IsOurs(context.Request.Host.Host, options.HostNames)
            || context.Request.Query["token"] is not [{ } given] || !token.Is(given))
        {
            return false;
        }

        Protect(context);
        token.Keep(context);
        context.Response.Redirect("/");
        return true;
    }

    private static void Protect(HttpContext context)
    {
        // 'self' covers the socket in current browsers; older Safari wants it named.
        string host = context.Request.Host.Value!;
        IHeaderDictionary headers = context.Response.Headers;
        headers.ContentSecurityPolicy =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
            + $"connect-src 'self' ws://{host} wss://{host}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers.CacheControl = "no-cache";
    }

    private static bool IsSameOrigin(HttpRequest request)
    {
        // Browsers always say from which page they open a socket; who says nothing is no browser, and no page can make it act.
        string origin = request.Headers.Origin.ToString();
        return origin.Length == 0
            || (Uri.TryCreate(origin, UriKind.Absolute, out Uri? page) && page.Scheme is "http" or "https"
                && string.Equals(page.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase));
    }
}
