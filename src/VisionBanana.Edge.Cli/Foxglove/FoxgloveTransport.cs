using System.Collections.Concurrent;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using VisionBanana.Edge.Diagnostics;
using VisionBanana.Edge.Messages;
using VisionBanana.Edge.Messages.Ros;

namespace VisionBanana.Edge.Cli.Foxglove;

/// <summary>
/// Shows every stream in Foxglove and Lichtblick, with nothing installed on their side: a server of the Foxglove WebSocket protocol.
/// Slow viewers lose messages of their own; the pipeline never waits for them.
/// </summary>
internal sealed class FoxgloveTransport(FoxgloveOptions options) : IMessageTransport
{
    private readonly ConcurrentDictionary<string, FoxgloveChannel> _channels = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<uint, FoxgloveClient.Outgoing> _state = new();
    private readonly Dictionary<uint, (WireMessage Message, ReadOnlyMemory<byte> Payload)> _told = [];
    private readonly ConcurrentDictionary<FoxgloveClient, bool> _clients = new();
    private readonly CancellationTokenSource _ended = new();
    private readonly string _session = Guid.NewGuid().ToString();
    private WebApplication? _server;
    private long _droppedBefore;

    public string Name => "foxglove";

    public string State
    {
        get
        {
            long dropped = Interlocked.Read(ref _droppedBefore) + _clients.Keys.Sum(c => c.Dropped);
            return $"ws://{options.Address}:{options.Port} ({_clients.Count} viewers{(dropped == 0 ? "" : $", {dropped} messages dropped for slow ones")})";
        }
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(options.Address, options.Port);
            kestrel.Limits.MaxConcurrentUpgradedConnections = options.MaxClients;
            kestrel.Limits.MaxConcurrentConnections = options.MaxClients * 2;
        });
        builder.Logging.ClearProviders();
        WebApplication server = builder.Build();
        server.UseWebSockets(new WebSocketOptions { KeepAliveInterval = TimeSpan.FromSeconds(15) });
        server.Run(ServeAsync);
        try
        {
            await server.StartAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException or UnauthorizedAccessException)
        {
            await server.DisposeAsync().ConfigureAwait(false);
            throw new TransportException(
                $"The Foxglove port {options.Port} on {options.Address} cannot be opened ({e.Message}): another program listens there (ss -ltnp), "
                + "or the address is not of this machine. Set foxglove.port in the pipeline file, or leave the section out.",
                e);
        }

        _server = server;
    }

    public async ValueTask<DropReason?> SendAsync(WireMessage message, CancellationToken cancellationToken)
    {
        if (_server is null)
        {
            return DropReason.NotConnected;
        }

        if (!_channels.TryGetValue(message.Stream, out FoxgloveChannel? channel))
        {
            channel = Announce(message);
            foreach (FoxgloveClient client in _clients.Keys)
            {
                await TrySendTextAsync(client, FoxgloveProtocol.Advertise([channel])).ConfigureAwait(false);
            }
        }

        if (message.IsState)
        {
            // State comes with every picture; who subscribes later gets it then.
            if (_told.TryGetValue(channel.Id, out var last) && last.Message == message && last.Payload.Equals(message.Payload))
            {
                return null;
            }

            _told[channel.Id] = (message, message.Payload);
            _state[channel.Id] = FoxgloveClient.Outgoing.Copy(0, message.Payload.Span, message.CapturedNs);
        }

        foreach (FoxgloveClient client in _clients.Keys)
        {
            client.Offer(channel.Id, message.Payload.Span, message.CapturedNs);
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

    private FoxgloveChannel Announce(WireMessage message) => _channels.GetOrAdd(message.Stream, static (stream, about) => new FoxgloveChannel(
        (uint)about.Owner._channels.Count + 1,
        $"/{WireTopics.Of(about.Options.Device, about.Options.Camera, stream)}",
        "cdr",
        about.Schema,
        RosDefinitions.Of(about.Schema),
        RosDefinitions.Encoding), (Owner: this, Options: options, message.Schema));

    private async Task ServeAsync(HttpContext context)
    {
        if (!context.WebSockets.IsWebSocketRequest
            || FoxgloveProtocol.Subprotocols.FirstOrDefault(p => context.WebSockets.WebSocketRequestedProtocols.Contains(p)) is not { } protocol)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            await context.Response.WriteAsync($"Open this address in Foxglove or Lichtblick (Foxglove WebSocket): ws://{context.Request.Host}\n").ConfigureAwait(false);
            return;
        }

        using WebSocket socket = await context.WebSockets.AcceptWebSocketAsync(protocol).ConfigureAwait(false);
        using var client = new FoxgloveClient(socket, options.QueueCapacity, IsChannel, LatestState);
        await TrySendTextAsync(client, FoxgloveProtocol.ServerInfo($"vbedge {options.Device}", _session)).ConfigureAwait(false);
        _clients[client] = true;
        await TrySendTextAsync(client, FoxgloveProtocol.Advertise(_channels.Values)).ConfigureAwait(false);
        try
        {
            await client.RunAsync(_ended.Token).ConfigureAwait(false);
        }
        finally
        {
            _clients.TryRemove(client, out _);
            Interlocked.Add(ref _droppedBefore, client.Dropped);
        }
    }

    private bool IsChannel(uint id) => _channels.Values.Any(channel => channel.Id == id);

    private FoxgloveClient.Outgoing? LatestState(uint channel) =>
        _state.TryGetValue(channel, out FoxgloveClient.Outgoing state) ? state : null;

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
