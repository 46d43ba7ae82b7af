using System.Net.WebSockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using VisionBanana.Edge.Cli.Network;

namespace VisionBanana.Edge.Cli.Viewing;

/// <summary>
/// The live view: a page in the browser that shows what the robot sees and steers what is asked, with <c>/healthz</c> and <c>/metrics</c>.
/// One server for all cameras: it is opened with the first of them and closed with the last.
/// </summary>
internal sealed class LiveView : IAsyncDisposable
{
    private readonly ViewOptions _options;
    private readonly AccessToken? _token;
    private readonly ViewGuard _guard;
    private readonly CameraView[] _views;
    private readonly TaskCompletionSource<Uri> _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _ended = new();
    private readonly Lock _gate = new();
    private Task? _starting;
    private WebApplication? _server;
    private int _holders;

    /// <param name="options">Where it listens.</param>
    /// <param name="cameras">The names of the cameras, one at least.</param>
    /// <exception cref="ConfigurationException">The token in the environment cannot be used.</exception>
    public LiveView(ViewOptions options, IReadOnlyList<string> cameras)
    {
        _options = options;
        _token = AccessToken.For(options.TokenVariable, options.Address, "the live view");
        _guard = new ViewGuard(options, _token);
        Cameras = cameras;
        _views = [.. cameras.Select(_ => new CameraView(this, options))];
        _holders = cameras.Count;
    }

    /// <summary>The names of the cameras.</summary>
    public IReadOnlyList<string> Cameras { get; }

    /// <summary>What <c>/metrics</c> shows.</summary>
    public ViewMetrics Metrics { get; } = new();

    /// <summary>Completes with the address to open, which holds the token where one is needed.</summary>
    public Task<Uri> Started => _started.Task;

    public string State
    {
        get
        {
            string address = _started.Task.IsCompletedSuccessfully ? _started.Task.GetAwaiter().GetResult().GetLeftPart(UriPartial.Path) : "not open";
            return $"{address} ({_views.Sum(v => v.Hub.Count)} viewers{(ViewPage.IsBuilt ? "" : ", without its page: built without Node.js")})";
        }
    }

    /// <summary>The view of one camera.</summary>
    public CameraView Of(string camera) => _views[Cameras.ToList().IndexOf(camera)];

    /// <summary>Opens the server, once.</summary>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return _starting ??= OpenAsync(cancellationToken);
        }
    }

    /// <summary>One camera less; the last one closes the server.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Decrement(ref _holders) > 0)
        {
            return;
        }

        await _ended.CancelAsync().ConfigureAwait(false);
        if (_server is { } server)
        {
            _server = null;
            await server.StopAsync(CancellationToken.None).ConfigureAwait(false);
            await server.DisposeAsync().ConfigureAwait(false);
        }

        _started.TrySetCanceled();
        Metrics.Dispose();
        _ended.Dispose();
    }

    private async Task OpenAsync(CancellationToken cancellationToken)
    {
        var server = new WebServer(_options.Address, _options.Port, ViewOptions.UsualPort, _options.MaxClients * _views.Length);
        try
        {
            _server = await server.StartAsync(ServeAsync, cancellationToken).ConfigureAwait(false);
        }
        catch (TransportException e)
        {
            _started.TrySetException(e);
            throw;
        }

        _started.TrySetResult(server.Shown(_server, _token));
    }

    private async Task ServeAsync(HttpContext context)
    {
        if (_guard.TryLogIn(context))
        {
            return;
        }

        if (_guard.Check(context) is { } refused)
        {
            await RefuseAsync(context, refused.Status, refused.Reason).ConfigureAwait(false);
            return;
        }

        HttpResponse response = context.Response;
        string path = context.Request.Path.Value ?? "";
        switch (path)
        {
            case "/ws":
                await ServeSocketAsync(context).ConfigureAwait(false);
                return;
            case "/healthz":
                string? problem = WhyUnwell();
                response.StatusCode = problem is null ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
                response.ContentType = "text/plain; charset=utf-8";
                await response.WriteAsync($"{problem ?? "ok"}\n").ConfigureAwait(false);
                return;
            case "/metrics":
                response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
                await Metrics.WriteAsync(response.Body, context.RequestAborted).ConfigureAwait(false);
                return;
        }

        if (ViewPage.Find(path) is not { } file)
        {
            await RefuseAsync(context, StatusCodes.Status404NotFound, "There is nothing here: the page is at /.").ConfigureAwait(false);
            return;
        }

        response.Headers.ETag = file.ETag;
        if (context.Request.Headers.IfNoneMatch == file.ETag)
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        response.ContentType = file.ContentType;
        response.ContentLength = file.Bytes.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await response.Body.WriteAsync(file.Bytes, context.RequestAborted).ConfigureAwait(false);
        }
    }

    private static Task RefuseAsync(HttpContext context, int status, string reason)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync($"{reason}\n");
    }

    private async Task ServeSocketAsync(HttpContext context)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, "This is the socket of the page at /.").ConfigureAwait(false);
            return;
        }

        string? name = context.Request.Query["camera"];
        CameraView? view = name is null ? Array.Find(_views, v => v is { Subject: not null, IsEnded: false }) : Cameras.Contains(name) ? Of(name) : null;
        if (view?.Subject is not { } subject || view.IsEnded)
        {
            (int status, string reason) = name is not null && !Cameras.Contains(name)
                ? (StatusCodes.Status404NotFound, $"There is no such camera: {string.Join(", ", Cameras)}.")
                : (StatusCodes.Status503ServiceUnavailable, view is { IsEnded: true } ? "The camera has ended." : "The camera is not there yet.");
            await RefuseAsync(context, status, reason).ConfigureAwait(false);
            return;
        }

        // Before it is accepted: a page too many is told so with a status instead of a socket that closes.
        ViewHub hub = view.Hub;
        if (!hub.TryReserve() && !await hub.TryReserveAnIdleOneAsync().ConfigureAwait(false))
        {
            await RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, $"{_options.MaxClients} pages look already.").ConfigureAwait(false);
            return;
        }

        try
        {
            using WebSocket socket = await context.WebSockets.AcceptWebSocketAsync().ConfigureAwait(false);
            using var client = new ViewClient(socket, subject.Pipeline.Clock);
            client.Post(view.Messages!.Hello());
            client.Post(view.Messages.State());
            hub.Add(client);
            try
            {
                await client.RunAsync(text => view.Handle(client, ViewRequest.Read(text), _ended.Token), _ended.Token).ConfigureAwait(false);
            }
            finally
            {
                hub.Remove(client);
            }
        }
        finally
        {
            hub.Release();
        }
    }

    private string? WhyUnwell() => Cameras.Zip(_views, (name, view) => (Name: name, Problem: view.WhyUnwell()))
        .Where(v => v.Problem is not null)
        .Select(v => _views.Length == 1 ? v.Problem : $"{v.Name}: {v.Problem}")
        .FirstOrDefault();
}
