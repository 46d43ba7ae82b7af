using System.Collections.Immutable;
using System.Net;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using VisionBanana.Edge.Cli.Network;
using VisionBanana.Edge.Diagnostics;
using VisionBanana.Edge.OpenCv.Pictures;
using VisionBanana.Edge.Perception;
using VisionBanana.Edge.Pipeline;

namespace VisionBanana.Edge.Cli.Viewing;

/// <summary>
/// The live view: a page in the browser that shows what the robot sees and steers what is asked, with <c>/healthz</c> and <c>/metrics</c>.
/// One sink of the pipeline: it takes the newest frame and never makes the pipeline wait, whatever its pages do.
/// </summary>
internal sealed class LiveView : IPerceptSink
{
    /// <summary>Ports tried after the usual one before any free one is taken.</summary>
    private const int PortsTried = 10;

    /// <summary>Without a picture for so long a running pipeline is not well.</summary>
    private static readonly TimeSpan HealthyWithin = TimeSpan.FromSeconds(10);

    /// <summary>Pictures that the view holds: the one that waits, the one it shows, the last one and one of a snapshot.</summary>
    public const int PicturesHeld = 4;

    private readonly ViewOptions _options;
    private readonly OpenCvImageEncoder _images;
    private readonly AccessToken? _token;
    private readonly ViewGuard _guard;
    private readonly ViewHub _hub;
    private readonly ConnectionDoor _door = new();
    private readonly TaskCompletionSource<Uri> _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _ended = new();
    private ViewSubject? _subject;
    private ViewCommands? _commands;
    private Tape? _tape;
    private ViewMessages? _messages;
    private ViewMetrics? _metrics;
    private WebApplication? _server;
    private Task _telling = Task.CompletedTask;
    private long _lastShown;

    /// <param name="options">Where it listens.</param>
    /// <param name="images">Compresses pictures; the view's alone, so that it and the messages do not wait for each other, and closed with it.</param>
    /// <exception cref="ConfigurationException">The token in the environment cannot be used.</exception>
    public LiveView(ViewOptions options, OpenCvImageEncoder images)
    {
        _images = images;
        _options = options;
        _token = AccessToken.For(options.TokenVariable, options.Address, "the live view");
        _guard = new ViewGuard(options, _token);
        _hub = new ViewHub(images, options.MaxClients);
    }

    public string Name => "view";

    /// <summary>Completes with the address to open, which holds the token where one is needed.</summary>
    public Task<Uri> Started => _started.Task;

    public string State
    {
        get
        {
            string address = _started.Task.IsCompletedSuccessfully ? _started.Task.GetAwaiter().GetResult().GetLeftPart(UriPartial.Path) : "not open";
            return $"{address} ({_hub.Count} viewers{(ViewPage.IsBuilt ? "" : ", without its page: built without Node.js")})";
        }
    }

    /// <summary>Says what is shown and steered; called once, before the pipeline runs.</summary>
    public void Attach(ViewSubject subject)
    {
        _subject = subject;
        var captures = new Captures(subject, _hub, _options.Folder);
        _messages = new ViewMessages(subject, captures, _hub);
        _tape = new Tape(subject);
        _commands = new ViewCommands(subject, captures, _tape, _messages, _hub);
        _metrics = new ViewMetrics(subject, _hub);
        InstructionSchedule schedule = subject.Pipeline.Schedule;
        ImmutableArray<ScheduledInstruction> asked = schedule.Instructions;
        subject.Pipeline.Commands.StateChanged += (_, _) =>
        {
            // Not when it is paused: a page that comes then still gets the last labels.
            if (schedule.Instructions != asked)
            {
                asked = schedule.Instructions;
                _hub.Forget();
            }

            _hub.Post(_messages.State());
        };
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _ = _subject ?? throw new InvalidOperationException("The view is attached before it is started.");
        int first = _options.Port ?? ViewOptions.UsualPort;
        for (int port = first; ; port++)
        {
            // The usual port may be taken by another run: the next ones, and then any, do as well. One that was named is meant.
            bool isLast = _options.Port is not null || port > first + PortsTried;
            try
            {
                _server = await ListenAsync(isLast && _options.Port is null ? 0 : port, cancellationToken).ConfigureAwait(false);
                break;
            }
            catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException or UnauthorizedAccessException)
            {
                if (isLast)
                {
                    var error = new TransportException(
                        $"The live view's port {first} on {_options.Address} cannot be opened ({e.Message}): another program listens there (ss -ltnp), "
                        + "or the address is not of this machine. Name another with --view ADDRESS:PORT or view.port, or leave the view out with --no-view.",
                        e);
                    _started.TrySetException(error);
                    throw error;
                }
            }
        }

        int bound = new Uri(_server.Urls.First()).Port;
        IPAddress shown = _options.Address.Equals(IPAddress.Any) || _options.Address.Equals(IPAddress.IPv6Any) ? OwnAddress() : _options.Address;
        string query = _token is null ? "" : $"?token={Uri.EscapeDataString(_token.Value)}";
        _started.TrySetResult(new Uri($"http://{new IPEndPoint(shown, bound)}/{query}"));
        _lastShown = _subject.Pipeline.Clock.GetTimestamp();
        _telling = TellAsync(_ended.Token);
    }

    public DropReason? Show(PerceptionFrame frame)
    {
        Interlocked.Exchange(ref _lastShown, _subject!.Pipeline.Clock.GetTimestamp());
        _hub.Show(frame);
        _tape!.Note(frame);
        return null;
    }

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync().ConfigureAwait(false);
        await _telling.ConfigureAwait(false);
        if (_server is { } server)
        {
            _server = null;
            await server.StopAsync(CancellationToken.None).ConfigureAwait(false);
            await server.DisposeAsync().ConfigureAwait(false);
        }

        _started.TrySetCanceled();
        _metrics?.Dispose();
        _hub.Dispose();
        _images.Dispose();
    }

    private static IPAddress OwnAddress() =>
        Dns.GetHostAddresses(Dns.GetHostName()).FirstOrDefault(a => !IPAddress.IsLoopback(a) && !a.IsIPv6LinkLocal) ?? IPAddress.Loopback;

    private async Task<WebApplication> ListenAsync(int port, CancellationToken cancellationToken)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(_options.Address, port, listen =>
            {
                listen.Protocols = HttpProtocols.Http1;
                _door.Watch(listen);
            });
            KestrelServerLimits limits = kestrel.Limits;
            limits.MaxConcurrentConnections = 64 + (4 * _options.MaxClients);
            limits.MaxConcurrentUpgradedConnections = _options.MaxClients + 2;
            limits.MaxRequestBodySize = 0;
            limits.MaxRequestLineSize = 2048;
            limits.MaxRequestHeadersTotalSize = 16 * 1024;
            limits.MaxRequestHeaderCount = 64;
            limits.RequestHeadersTimeout = TimeSpan.FromSeconds(5);
            limits.KeepAliveTimeout = TimeSpan.FromSeconds(10);
        });
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(2));
        builder.Logging.ClearProviders();
        WebApplication server = builder.Build();
        server.UseWebSockets(new WebSocketOptions { KeepAliveInterval = TimeSpan.FromSeconds(10), KeepAliveTimeout = TimeSpan.FromSeconds(10) });
        server.Run(context => _door.ServeAsync(context, ServeAsync));
        try
        {
            await server.StartAsync(cancellationToken).ConfigureAwait(false);
            return server;
        }
        catch
        {
            await server.DisposeAsync().ConfigureAwait(false);
            throw;
        }
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
                await _metrics!.WriteAsync(response.Body, context.RequestAborted).ConfigureAwait(false);
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

        // Before it is accepted: a page too many is told so with a status instead of a socket that closes.
        if (!_hub.TryReserve() && !await _hub.TryReserveAnIdleOneAsync().ConfigureAwait(false))
        {
            await RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, $"{_options.MaxClients} pages look already.").ConfigureAwait(false);
            return;
        }

        try
        {
            using WebSocket socket = await context.WebSockets.AcceptWebSocketAsync().ConfigureAwait(false);
            using var client = new ViewClient(socket, _subject!.Pipeline.Clock);
            client.Post(_messages!.Hello());
            client.Post(_messages.State());
            _hub.Add(client);
            try
            {
                await client.RunAsync(text => _commands!.Handle(client, ViewRequest.Read(text), _ended.Token), _ended.Token).ConfigureAwait(false);
            }
            finally
            {
                _hub.Remove(client);
            }
        }
        finally
        {
            _hub.Release();
        }
    }

    private string? WhyUnwell()
    {
        TimeProvider clock = _subject!.Pipeline.Clock;
        TimeSpan since = clock.GetElapsedTime(Interlocked.Read(ref _lastShown));
        return since <= HealthyWithin || _subject.Pipeline.Commands.State.IsPaused
            ? null
            : $"no picture for {since.TotalSeconds:0} s; camera: {_subject.Pipeline.Source.State}";
    }

    /// <summary>Tells every page once per second how things are, and looks after those that do not read.</summary>
    private async Task TellAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), _subject!.Pipeline.Clock);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false))
            {
                byte[] status = _messages!.Status();
                foreach (ViewClient client in _hub.Clients())
                {
                    client.Post(status);
                    client.CutOffIfStuck();
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The run ended.
        }
    }
}
