using System.Collections.Immutable;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
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
    /// <summary>Without a picture for so long a running pipeline is not well.</summary>
    private static readonly TimeSpan HealthyWithin = TimeSpan.FromSeconds(10);

    /// <summary>Pictures that the view holds: the one that waits, the one it shows, the last one and one of a snapshot.</summary>
    public const int PicturesHeld = 4;

    private readonly ViewOptions _options;
    private readonly OpenCvImageEncoder _images;
    private readonly AccessToken? _token;
    private readonly ViewGuard _guard;
    private readonly ViewHub _hub;
    private readonly TaskCompletionSource<Uri> _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _ended = new();
    private ViewSubject? _subject;
    private ViewCommands? _commands;
    private Tape? _tape;
    private ZoneEditor? _zones;
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
        _zones = new ZoneEditor(subject);
        _commands = new ViewCommands(subject, captures, _tape, _zones, _messages, _hub);
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
        var server = new WebServer(_options.Address, _options.Port, ViewOptions.UsualPort, _options.MaxClients);
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
        _lastShown = _subject.Pipeline.Clock.GetTimestamp();
        _telling = TellAsync(_ended.Token);
    }

    public DropReason? Show(PerceptionFrame frame)
    {
        Interlocked.Exchange(ref _lastShown, _subject!.Pipeline.Clock.GetTimestamp());
        _hub.Show(frame);
        _tape!.Note(frame);
        _zones!.Note(frame);
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
