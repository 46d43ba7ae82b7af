using System.Net.WebSockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using VisionBanana.Edge.Cli.Network;
using VisionBanana.Edge.Cli.Viewing;

namespace VisionBanana.Edge.Cli.Setup;

/// <summary>Serves the setup page and its socket, behind the guard of the live view: names, origins and, beyond loopback, a token.</summary>
internal sealed class SetupServer(ViewOptions options, SetupRequests requests) : IAsyncDisposable
{
    private const int MaxRequest = 64 * 1024;

    private readonly AccessToken? _token = AccessToken.For(options.TokenVariable, options.Address, "the setup page");
    private readonly SemaphoreSlim _onePage = new(1);
    private readonly CancellationTokenSource _ended = new();
    private WebApplication? _server;
    private ViewGuard? _guard;

    /// <summary>Starts, and returns the address to open.</summary>
    /// <exception cref="TransportException">The port cannot be opened.</exception>
    public async Task<Uri> StartAsync(CancellationToken cancellationToken)
    {
        _guard = new ViewGuard(options, _token);
        var server = new WebServer(options.Address, options.Port, ViewOptions.UsualPort, options.MaxClients);
        _server = await server.StartAsync(ServeAsync, cancellationToken).ConfigureAwait(false);
        return server.Shown(_server, _token);
    }

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync().ConfigureAwait(false);
        if (_server is { } server)
        {
            await server.StopAsync(CancellationToken.None).ConfigureAwait(false);
            await server.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async Task ServeAsync(HttpContext context)
    {
        if (_guard!.TryLogIn(context))
        {
            return;
        }

        if (_guard.Check(context) is { } refused)
        {
            await RefuseAsync(context, refused.Status, refused.Reason).ConfigureAwait(false);
            return;
        }

        string path = context.Request.Path.Value ?? "";
        if (path == "/ws" && context.WebSockets.IsWebSocketRequest)
        {
            await TalkAsync(context).ConfigureAwait(false);
            return;
        }

        if (ViewPage.Find(path == "/" ? "/setup.html" : path) is not { } file)
        {
            string reason = ViewPage.IsBuilt
                ? "There is nothing here: the page is at /."
                : "The page was not built: Node.js was missing when vbedge was built.";
            await RefuseAsync(context, StatusCodes.Status404NotFound, reason).ConfigureAwait(false);
            return;
        }

        context.Response.ContentType = file.ContentType;
        await context.Response.Body.WriteAsync(file.Bytes, context.RequestAborted).ConfigureAwait(false);
    }

    /// <summary>One page at a time, one request after the other: a camera can be opened once.</summary>
    private async Task TalkAsync(HttpContext context)
    {
        if (!await _onePage.WaitAsync(TimeSpan.FromSeconds(2), _ended.Token).ConfigureAwait(false))
        {
            await RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, "Another page sets this camera up.").ConfigureAwait(false);
            return;
        }

        try
        {
            using WebSocket socket = await context.WebSockets.AcceptWebSocketAsync().ConfigureAwait(false);
            byte[] buffer = new byte[MaxRequest];
            int filled = 0;
            while (socket.State == WebSocketState.Open)
            {
                ValueWebSocketReceiveResult part = await socket.ReceiveAsync(buffer.AsMemory(filled), _ended.Token).ConfigureAwait(false);
                filled += part.Count;
                if (part.MessageType != WebSocketMessageType.Text || (filled == buffer.Length && !part.EndOfMessage))
                {
                    break;
                }

                if (part.EndOfMessage)
                {
                    byte[] answer = await requests.AnswerAsync(buffer.AsMemory(0, filled), _ended.Token).ConfigureAwait(false);
                    await socket.SendAsync(answer, WebSocketMessageType.Text, endOfMessage: true, _ended.Token).ConfigureAwait(false);
                    filled = 0;
                }
            }

            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, _ended.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException)
        {
            // The page was closed, or the setup ended.
        }
        finally
        {
            _onePage.Release();
        }
    }

    private static Task RefuseAsync(HttpContext context, int status, string reason)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync($"{reason}\n");
    }
}
