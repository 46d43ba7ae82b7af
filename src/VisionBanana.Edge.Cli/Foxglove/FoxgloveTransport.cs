using System.Collections.Concurrent;
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
using VisionBanana.Edge.Messages;
using VisionBanana.Edge.Messages.Ros;

namespace VisionBanana.Edge.Cli.Foxglove;

/// <summary>
/// Shows every stream in Foxglove and Lichtblick, with nothing installed on their side: a server of the Foxglove WebSocket protocol.
/// Slow viewers lose messages of their own; the pipeline never waits for them.
/// </summary>
internal sealed partial class FoxgloveTransport : IMessageTransport, ISharedTransport
{
    // A viewer that has just come has not had the time to say what it wants.
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(2), Eviction = TimeSpan.FromSeconds(1);

    /// <summary>The objects once more, as things to draw.</summary>
    private const string SceneStream = "objects_scene";

    private readonly FoxgloveOptions _options;
    private readonly TimeProvider _clock;
    private readonly AccessToken? _token;
    private readonly FoxgloveGuard _guard;
    private readonly ConnectionDoor _door = new();
    private readonly SemaphoreSlim _places;
    private readonly ConcurrentDictionary<(string Camera, string Stream), FoxgloveChannel> _channels = new();
    private readonly ConcurrentDictionary<string, KeptStates<(uint Channel, FoxgloveClient.Outgoing Message)>> _states = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<FoxgloveClient, bool> _clients = new();
    private readonly CancellationTokenSource _ended = new();
    private readonly string _session = Guid.NewGuid().ToString();
    private WebApplication? _server;
    private long _droppedBefore;

    /// <param name="options">Where it listens and who may look.</param>
    /// <param name="clock">Measures how long viewers look at nothing.</param>
    /// <exception cref="ConfigurationException">The token in the environment cannot be used.</exception>
    public FoxgloveTransport(FoxgloveOptions options, TimeProvider? clock = null)
    {
        (_options, _clock) = (options, clock ?? TimeProvider.System);
        _token = AccessToken.For(options.TokenVariable, options.Address, "the Foxglove server");
        _guard = new FoxgloveGuard(options, _token);
        _places = new SemaphoreSlim(options.MaxClients);
    }

    public string Name => "foxglove";

    public string State
    {
        get
        {
            long dropped = Interlocked.Read(ref _droppedBefore) + _clients.Keys.Sum(c => c.Dropped);
            return $"ws://{_options.Address}:{_options.Port} ({_clients.Count} viewers{(dropped == 0 ? "" : $", {dropped} messages dropped for slow ones")})";
        }
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(_options.Address, _options.Port, endpoint =>
            {
                endpoint.Protocols = HttpProtocols.Http1;
                _door.Watch(endpoint);
            });
            KestrelServerLimits limits = kestrel.Limits;
            limits.MaxConcurrentUpgradedConnections = _options.MaxClients + 2;
            limits.MaxConcurrentConnections = 64 + (4 * _options.MaxClients);
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
        server.UseWebSockets(new WebSocketOptions { KeepAliveInterval = TimeSpan.FromSeconds(15), KeepAliveTimeout = TimeSpan.FromSeconds(15) });
        server.Run(context => _door.ServeAsync(context, ServeAsync));
        try
        {
            await server.StartAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException or UnauthorizedAccessException)
        {
            await server.DisposeAsync().ConfigureAwait(false);
            throw new TransportException(
                $"The Foxglove port {_options.Port} on {_options.Address} cannot be opened ({e.Message}): another program listens there (ss -ltnp), "
                + "or the address is not of this machine. Set foxglove.port in the pipeline file, or leave the section out.",
                e);
        }

        _server = server;
        if (_token is not null && !_token.IsGiven)
        {
            // Where whoever started it looks: the log takes secrets out.
            await Console.Error.WriteLineAsync(
                "vbedge: others can reach the Foxglove server, unencrypted: it asks for a token. "
                + $"Open ws://{_options.Address}:{_options.Port}/?token={_token.Value} in Foxglove or Lichtblick").ConfigureAwait(false);
        }
    }

    public ValueTask<DropReason?> SendAsync(WireMessage message, CancellationToken cancellationToken) =>
        SendAsync(_options.Camera, message, cancellationToken);

    public async ValueTask<DropReason?> SendAsync(string camera, WireMessage message, CancellationToken cancellationToken)
    {
        if (_server is null)
        {
            return DropReason.NotConnected;
        }

        FoxgloveChannel channel = await ChannelAsync(camera, message.Stream, message.Schema).ConfigureAwait(false);
        if (message.Stream == WireTopics.ObjectsStream)
        {
            FoxgloveChannel scene = await ChannelAsync(camera, SceneStream, ObjectScene.SchemaName).ConfigureAwait(false);
            ReadOnlyMemory<byte> drawn = _clients.IsEmpty ? default : ObjectScene.Of(message.Payload);
            foreach (FoxgloveClient client in _clients.Keys)
            {
                client.Offer(scene.Id, SendQueue.RankOf(SceneStream, isState: false), drawn.Span, message.CapturedNs);
            }
        }

        if (message.IsState)
        {
            // State comes with every picture; who subscribes later gets it then.
            KeptStates<(uint, FoxgloveClient.Outgoing)> state = _states.GetOrAdd(camera, static _ => new());
            if (state.IsKnown(message, out _))
            {
                return null;
            }

            state.Keep(message, (channel.Id, FoxgloveClient.Outgoing.Copy(0, message.Payload.Span, message.CapturedNs)));
        }

        int rank = SendQueue.RankOf(message.Stream, message.IsState);
        foreach (FoxgloveClient client in _clients.Keys)
        {
            client.Offer(channel.Id, rank, message.Payload.Span, message.CapturedNs);
        }

        return null;
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not { } server)
        {
            return;
        }

        _server = null;
        await _ended.CancelAsync().ConfigureAwait(false);
        await server.StopAsync(CancellationToken.None).ConfigureAwait(false);
        await server.DisposeAsync().ConfigureAwait(false);
        _ended.Dispose();
    }

    private async ValueTask<FoxgloveChannel> ChannelAsync(string camera, string stream, string schema)
    {
        if (!_channels.TryGetValue((camera, stream), out FoxgloveChannel? channel))
        {
            channel = Announce(camera, stream, schema);
            foreach (FoxgloveClient client in _clients.Keys)
            {
                await TrySendTextAsync(client, FoxgloveProtocol.Advertise([channel])).ConfigureAwait(false);
            }
        }

        return channel;
    }

    private FoxgloveChannel Announce(string camera, string stream, string schema)
    {
        (string encoding, string definition, string language) = schema switch
        {
            "" => ("json", "", ""),
            ObjectScene.SchemaName => ("json", ObjectScene.Schema, ObjectScene.SchemaEncoding),
            _ => ("cdr", RosDefinitions.Of(schema), RosDefinitions.Encoding),
        };
        return _channels.GetOrAdd(
            (camera, stream),
            of => new FoxgloveChannel(
                (uint)_channels.Count + 1, $"/{new CameraAddress(_options.Device, of.Camera).TopicOf(of.Stream)}", encoding, schema, definition, language));
    }

    private async Task ServeAsync(HttpContext context)
    {
        if (_guard.Check(context.Request) is { } refused)
        {
            context.Response.StatusCode = refused.Status;
            await context.Response.WriteAsync($"{refused.Reason}\n").ConfigureAwait(false);
            return;
        }

        if (!context.WebSockets.IsWebSocketRequest
            || FoxgloveProtocol.Subprotocols.FirstOrDefault(p => context.WebSockets.WebSocketRequestedProtocols.Contains(p)) is not { } protocol)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            await context.Response.WriteAsync(
                $"Open this address in Foxglove or Lichtblick (Foxglove WebSocket): ws://{context.Request.Host}\n").ConfigureAwait(false);
            return;
        }

        if (!await TryTakePlaceAsync().ConfigureAwait(false))
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            await context.Response.WriteAsync($"{_options.MaxClients} viewers look already.\n").ConfigureAwait(false);
            return;
        }

        try
        {
            using WebSocket socket = await context.WebSockets.AcceptWebSocketAsync(protocol).ConfigureAwait(false);
            await ServeAsync(socket).ConfigureAwait(false);
        }
        finally
        {
            _places.Release();
        }
    }

    /// <summary>Takes a place for a viewer, if need be that of the one that has looked at nothing for longest.</summary>
    private async Task<bool> TryTakePlaceAsync()
    {
        if (await _places.WaitAsync(0).ConfigureAwait(false))
        {
            return true;
        }

        if (_clients.Keys.Where(c => c.Idle > Settling).MaxBy(c => c.Idle) is not { } idle)
        {
            return false;
        }

        idle.Cut();
        return await _places.WaitAsync(Eviction).ConfigureAwait(false);
    }

    private async Task ServeAsync(WebSocket socket)
    {
        using var client = new FoxgloveClient(socket, _options.QueueCapacity, IsChannel, LatestState, _clock);
        await TrySendTextAsync(client, FoxgloveProtocol.ServerInfo($"vbedge {_options.Device}", _session)).ConfigureAwait(false);
        _clients[client] = true;
        try
        {
            await TrySendTextAsync(client, FoxgloveProtocol.Advertise(_channels.Values)).ConfigureAwait(false);
            await client.RunAsync(_ended.Token).ConfigureAwait(false);
        }
        finally
        {
            _clients.TryRemove(client, out _);
            Interlocked.Add(ref _droppedBefore, client.Dropped);
        }
    }

    private bool IsChannel(uint id) => _channels.Values.Any(channel => channel.Id == id);

    private FoxgloveClient.Outgoing? LatestState(uint channel)
    {
        foreach ((uint id, FoxgloveClient.Outgoing message) in _states.Values.SelectMany(s => s.All))
        {
            if (id == channel)
            {
                return message;
            }
        }

        return null;
    }

    private async Task TrySendTextAsync(FoxgloveClient client, byte[] text)
    {
        // A viewer that does not even take an announcement within a second is not waited for.
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(_ended.Token);
        limit.CancelAfter(TimeSpan.FromSeconds(1));
        try
        {
            await client.SendTextAsync(text, limit.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or ObjectDisposedException)
        {
            // Its own loop notices.
        }
    }
}
