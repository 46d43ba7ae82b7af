using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using VisionBanana.Edge.Cli.Network;

namespace VisionBanana.Edge.Cli.Viewing;

/// <summary>
/// A page for calibrating: the camera's picture with the board, what is covered and what to do next, as a stream of JPEGs that a browser shows
/// without a script. It takes the newest picture; who looks never makes the camera wait.
/// </summary>
internal sealed class CoverageView : IAsyncDisposable
{
    private const string Boundary = "picture";

    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(100);

    private static readonly byte[] Page = Encoding.UTF8.GetBytes(
        """
        <!doctype html><html lang="en"><meta charset="utf-8"><title>vbedge calibrate</title>
        <h1>Show the board everywhere: near, far, tilted, in the corners</h1>
        <p>Green cells have points. Press Ctrl-C in the terminal when the score is high: what was seen is solved.</p>
        <img src="/live" alt="the camera with the board and what is covered">
        </html>

        """);

    private readonly ViewOptions _options;
    private readonly AccessToken? _token;
    private readonly ViewGuard _guard;
    private readonly SemaphoreSlim _places;
    private readonly CancellationTokenSource _ended = new();
    private volatile byte[]? _picture;
    private WebApplication? _server;

    /// <exception cref="ConfigurationException">The token in the environment cannot be used.</exception>
    public CoverageView(ViewOptions options)
    {
        _options = options;
        _token = AccessToken.For(options.TokenVariable, options.Address, "the live view");
        _guard = new ViewGuard(options, _token);
        _places = new SemaphoreSlim(options.MaxClients);
    }

    /// <summary>Begins to answer, and says where.</summary>
    /// <exception cref="TransportException">No port could be opened.</exception>
    public async Task<Uri> StartAsync(CancellationToken cancellationToken)
    {
        var server = new WebServer(_options.Address, _options.Port, ViewOptions.UsualPort, _options.MaxClients);
        _server = await server.StartAsync(ServeAsync, cancellationToken).ConfigureAwait(false);
        return server.Shown(_server, _token);
    }

    /// <summary>Shows a JPEG from now on.</summary>
    public void Show(byte[] jpeg) => _picture = jpeg;

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync().ConfigureAwait(false);
        if (_server is { } server)
        {
            await server.StopAsync(CancellationToken.None).ConfigureAwait(false);
            await server.DisposeAsync().ConfigureAwait(false);
        }

        _ended.Dispose();
        _places.Dispose();
    }

    private async Task ServeAsync(HttpContext context)
    {
        if (_guard.TryLogIn(context))
        {
            return;
        }

        HttpResponse response = context.Response;
        if (_guard.Check(context) is { } refused)
        {
            await TellAsync(response, refused.Status, refused.Reason).ConfigureAwait(false);
            return;
        }

        switch (context.Request.Path.Value)
        {
            case "/":
                response.ContentType = "text/html; charset=utf-8";
                response.ContentLength = Page.Length;
                await response.Body.WriteAsync(HttpMethods.IsHead(context.Request.Method) ? default : Page, context.RequestAborted).ConfigureAwait(false);
                break;
            case "/live" when HttpMethods.IsGet(context.Request.Method):
                await StreamAsync(context).ConfigureAwait(false);
                break;
            default:
                await TellAsync(response, StatusCodes.Status404NotFound, "There is nothing here: the page is at /.").ConfigureAwait(false);
                break;
        }
    }

    private async Task StreamAsync(HttpContext context)
    {
        if (!await _places.WaitAsync(0, CancellationToken.None).ConfigureAwait(false))
        {
            await TellAsync(context.Response, StatusCodes.Status503ServiceUnavailable, $"{_options.MaxClients} pages look already.").ConfigureAwait(false);
            return;
        }

        try
        {
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(_ended.Token, context.RequestAborted);
            context.Response.ContentType = $"multipart/x-mixed-replace; boundary={Boundary}";
            using var timer = new PeriodicTimer(Period);
            byte[]? shown = null;
            do
            {
                if (_picture is { } picture && picture != shown)
                {
                    shown = picture;
                    string head = FormattableString.Invariant($"--{Boundary}\r\nContent-Type: image/jpeg\r\nContent-Length: {picture.Length}\r\n\r\n");
                    await context.Response.Body.WriteAsync(Encoding.ASCII.GetBytes(head), ended.Token).ConfigureAwait(false);
                    await context.Response.Body.WriteAsync(picture, ended.Token).ConfigureAwait(false);
                    await context.Response.Body.WriteAsync("\r\n"u8.ToArray(), ended.Token).ConfigureAwait(false);
                }
            }
            while (await timer.WaitForNextTickAsync(ended.Token).ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            // The page was closed, or the run ended.
        }
        finally
        {
            _places.Release();
        }
    }

    private static Task TellAsync(HttpResponse response, int status, string reason)
    {
        response.StatusCode = status;
        response.ContentType = "text/plain; charset=utf-8";
        return response.WriteAsync($"{reason}\n");
    }
}
