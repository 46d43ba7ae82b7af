using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace VisionBanana.Edge.Cli.Network;

/// <summary>The HTTP server of the tool's pages: bounded in connections, headers and time, and without request bodies.</summary>
/// <param name="address">Where it listens.</param>
/// <param name="port">The port that was named; null = the first free one from <paramref name="usual"/>.</param>
/// <param name="usual">The port that is tried first when none is named.</param>
/// <param name="maxClients">Pages at once.</param>
internal sealed class WebServer(IPAddress address, int? port, int usual, int maxClients)
{
    /// <summary>Ports tried after the usual one before any free one is taken.</summary>
    private const int PortsTried = 10;

    private readonly ConnectionDoor _door = new();

    /// <summary>Begins to answer; the server's address is in its <c>Urls</c>.</summary>
    /// <exception cref="TransportException">No port could be opened.</exception>
    public async Task<WebApplication> StartAsync(RequestDelegate serve, CancellationToken cancellationToken)
    {
        int first = port ?? usual;
        for (int next = first; ; next++)
        {
            // The usual port may be taken by another run: the next ones, and then any, do as well. One that was named is meant.
            bool isLast = port is not null || next > first + PortsTried;
            try
            {
                return await ListenAsync(isLast && port is null ? 0 : next, serve, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (e is IOException or SocketException or UnauthorizedAccessException)
            {
                if (isLast)
                {
                    throw new TransportException(
                        $"The live view's port {first} on {address} cannot be opened ({e.Message}): another program listens there (ss -ltnp), "
                        + "or the address is not of this machine. Name another with --view ADDRESS:PORT or view.port, or leave the view out with --no-view.",
                        e);
                }
            }
        }
    }

    /// <summary>The address to open in a browser, with the token where one is needed.</summary>
    public Uri Shown(WebApplication server, AccessToken? token)
    {
        int bound = new Uri(server.Urls.First()).Port;
        IPAddress shown = address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any) ? OwnAddress() : address;
        return new Uri($"http://{new IPEndPoint(shown, bound)}/{(token is null ? "" : $"?token={Uri.EscapeDataString(token.Value)}")}");
    }

    private static IPAddress OwnAddress() =>
        Dns.GetHostAddresses(Dns.GetHostName()).FirstOrDefault(a => !IPAddress.IsLoopback(a) && !a.IsIPv6LinkLocal) ?? IPAddress.Loopback;

    private async Task<WebApplication> ListenAsync(int at, RequestDelegate serve, CancellationToken cancellationToken)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(address, at, listen =>
            {
                listen.Protocols = HttpProtocols.Http1;
                _door.Watch(listen);
            });
            KestrelServerLimits limits = kestrel.Limits;
            limits.MaxConcurrentConnections = 64 + (4 * maxClients);
            limits.MaxConcurrentUpgradedConnections = maxClients + 2;
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
        server.Run(context => _door.ServeAsync(context, serve));
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
}
