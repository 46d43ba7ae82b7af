using System.Collections.Concurrent;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using MQTTnet.Adapter;
using MQTTnet.Diagnostics.Logger;
using MQTTnet.Server;

namespace VisionBanana.Edge.Mqtt;

/// <summary>
/// The listener of the embedded broker: takes connections, makes room among those that never say who they are, and cuts what is overdue.
/// </summary>
internal sealed partial class BrokerDoor(EmbeddedBrokerOptions options, SharedPayloads payloads, ILogger log, TimeProvider clock)
    : IMqttServerAdapter, IDisposable
{
    /// <summary>Cuts that are each told; of later ones one now and then, so that who opens thousands does not fill the log.</summary>
    private const int AlwaysTold = 20;

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1), Pause = TimeSpan.FromMilliseconds(100), Quiet = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly List<BrokerConnection> _halfOpen = [];
    private readonly ConcurrentDictionary<string, BrokerConnection> _clients = new(StringComparer.Ordinal);
    private readonly IncomingBudget _budget = new(options.Limits.MaxPacketsInFlightBytes);
    private readonly CancellationTokenSource _ended = new();
    private TcpListener? _listener;
    private MqttServerOptions? _server;
    private IMqttNetLogger? _logger;
    private long _cut, _lastTold;

    // MQTTnet sets it, and takes it away when the server stops.
    public Func<IMqttChannelAdapter, Task>? ClientHandler { get; set; }

    /// <summary>Connections that were cut.</summary>
    public long CutCount => Interlocked.Read(ref _cut);

    /// <summary>Clients that were let in, without those of this process.</summary>
    public int GuestCount => _clients.Values.Count(c => !c.IsOwn);

    public Task StartAsync(MqttServerOptions server, IMqttNetLogger logger)
    {
        (_server, _logger) = (server, logger);
        var listener = new TcpListener(options.Address, options.Port);
        try
        {
            listener.Start();
        }
        catch
        {
            listener.Dispose();
            throw;
        }

        _listener = listener;
        _ = AcceptAsync(listener);
        _ = SweepAsync();
        return Task.CompletedTask;
    }

    /// <summary>The client of an id, or null.</summary>
    public BrokerConnection? Find(string clientId) => _clients.GetValueOrDefault(clientId);

    /// <summary>Cuts the guest that lets most bytes wait when all of them together let too many wait.</summary>
    public void CutTheSlowest()
    {
        if (_clients.Values.Sum(c => c.QueuedBytes) > options.Limits.MaxQueuedBytes
            && _clients.Values.Where(c => !c.IsOwn).MaxBy(c => c.QueuedBytes) is { QueuedBytes: > 0 } slowest)
        {
            Cut(slowest, $"reads too slowly: {slowest.QueuedBytes} bytes wait for it");
        }
    }

    /// <summary>Cuts every connection; for clients that do not read when the server says goodbye.</summary>
    public void CutAll(string why)
    {
        foreach (BrokerConnection client in _clients.Values)
        {
            Cut(client, why);
        }
    }

    public Task StopAsync()
    {
        _ended.Cancel();
        _listener?.Stop();
        BrokerConnection[] left;
        lock (_gate)
        {
            left = [.. _halfOpen];
        }

        Array.ForEach(left, c => c.Cut("the broker ends"));
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        _ended.Cancel();
        _listener?.Dispose();
        _ended.Dispose();
    }

    private async Task AcceptAsync(TcpListener listener)
    {
        while (!_ended.IsCancellationRequested)
        {
            try
            {
                Socket socket = await listener.AcceptSocketAsync(_ended.Token).ConfigureAwait(false);
                _ = ServeAsync(socket);
            }
            catch (SocketException) when (!_ended.IsCancellationRequested)
            {
                // The client left before it was let in, or there are no more file handles: the next one may be luckier.
                await Task.Delay(Pause, clock, CancellationToken.None).ConfigureAwait(false);
            }
            catch (Exception error) when (error is OperationCanceledException or ObjectDisposedException or SocketException)
            {
                return;
            }
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        BrokerConnection? connection = null;
        try
        {
            connection = new BrokerConnection(socket, options.Limits, _budget, _server!, clock, _logger!)
            {
                Admitted = Admit,
                Stuck = Cut,
                Sent = message => payloads.Release(message.Payload),
            };
            MakeRoomFor(connection);
            if (ClientHandler is { } handle)
            {
                await handle(connection).ConfigureAwait(false);
            }
        }
        catch (Exception error)
        {
            // Whatever a client does ends its own connection.
            LogFailed(connection?.Name ?? "a client", error.Message);
        }
        finally
        {
            if (connection is null)
            {
                socket.Dispose();
            }
            else
            {
                Forget(connection);
                connection.Dispose();
            }
        }
    }

    private void MakeRoomFor(BrokerConnection connection)
    {
        BrokerConnection? oldest = null;
        lock (_gate)
        {
            if (_halfOpen.Count >= options.Limits.MaxHalfOpen)
            {
                // Who opens most makes room: an honest client says CONNECT at once.
                oldest = _halfOpen.GroupBy(c => c.Address).MaxBy(g => g.Count())!.First();
                _halfOpen.Remove(oldest);
            }

            _halfOpen.Add(connection);
        }

        if (oldest is not null)
        {
            Cut(oldest, "said no CONNECT while others waited to come in");
        }
    }

    private void Admit(BrokerConnection connection)
    {
        lock (_gate)
        {
            _halfOpen.Remove(connection);
        }

        _clients[connection.ClientId ?? ""] = connection;
    }

    private void Forget(BrokerConnection connection)
    {
        lock (_gate)
        {
            _halfOpen.Remove(connection);
        }

        // Another connection may have taken the id.
        _clients.TryRemove(KeyValuePair.Create(connection.ClientId ?? "", connection));
    }

    private void Cut(BrokerConnection connection, string why)
    {
        if (connection.CutBecause is null)
        {
            long count = Interlocked.Increment(ref _cut);
            connection.Cut(why);
            long now = clock.GetTimestamp(), last = Interlocked.Read(ref _lastTold);
            if (count <= AlwaysTold || (clock.GetElapsedTime(last, now) >= Quiet && Interlocked.CompareExchange(ref _lastTold, now, last) == last))
            {
                LogCut(connection.Name, why, count);
            }
        }
    }

    private async Task SweepAsync()
    {
        using var timer = new PeriodicTimer(Period, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(_ended.Token).ConfigureAwait(false))
            {
                BrokerConnection[] all;
                lock (_gate)
                {
                    all = [.. _halfOpen, .. _clients.Values];
                }

                foreach (BrokerConnection connection in all)
                {
                    if (connection.Overdue() is { } why)
                    {
                        Cut(connection, why);
                    }
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The broker ends.
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The embedded broker cut {Client}: it {Why} ({Count} cut so far)")]
    private partial void LogCut(string client, string why, long count);

    [LoggerMessage(Level = LogLevel.Debug, Message = "The connection of {Client} to the embedded broker failed: {Why}")]
    private partial void LogFailed(string client, string why);
}
