using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace VisionBanana.Edge.Cli.Network;

/// <summary>
/// Bounds the connections of an HTTP server that ask for nothing: half a request, or none. One too many makes the oldest of the address with the
/// most of them go, so that a viewer who asks at once gets in however many others are held open.
/// </summary>
internal sealed class ConnectionDoor(int maxIdle = ConnectionDoor.DefaultMaxIdle)
{
    /// <summary>More than browsers hold open, and few enough to cost nothing.</summary>
    public const int DefaultMaxIdle = 32;

    private readonly Lock _gate = new();
    private readonly List<ConnectionContext> _idle = [];

    /// <summary>Watches the connections of an endpoint.</summary>
    public void Watch(ListenOptions endpoint) => endpoint.Use(next => async connection =>
    {
        Enter(connection);
        try
        {
            await next(connection).ConfigureAwait(false);
        }
        finally
        {
            lock (_gate)
            {
                _idle.Remove(connection);
            }
        }
    });

    /// <summary>Serves a request; meanwhile its connection is not one of those that ask for nothing.</summary>
    public async Task ServeAsync(HttpContext context, RequestDelegate serve)
    {
        ConnectionContext? connection;
        lock (_gate)
        {
            connection = _idle.Find(c => c.ConnectionId == context.Connection.Id);
            _idle.Remove(connection!);
        }

        await serve(context).ConfigureAwait(false);
        if (connection is { ConnectionClosed.IsCancellationRequested: false })
        {
            Enter(connection);
        }
    }

    private void Enter(ConnectionContext connection)
    {
        ConnectionContext? oldest = null;
        lock (_gate)
        {
            if (_idle.Count >= maxIdle)
            {
                oldest = _idle.GroupBy(AddressOf).MaxBy(g => g.Count())!.First();
                _idle.Remove(oldest);
            }

            _idle.Add(connection);
        }

        oldest?.Abort(new ConnectionAbortedException("It asked for nothing while others waited to come in."));
    }

    private static IPAddress AddressOf(ConnectionContext connection) => (connection.RemoteEndPoint as IPEndPoint)?.Address ?? IPAddress.None;
}
