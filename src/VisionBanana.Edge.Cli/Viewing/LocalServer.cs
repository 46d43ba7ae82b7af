using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using VisionBanana.Edge.Cli.Network;

namespace VisionBanana.Edge.Cli.Viewing;

/// <summary>An HTTP server for pages of this program: small requests, sockets, bounded connections, no log of its own.</summary>
internal static class LocalServer
{
    /// <summary>Ports tried after the usual one before any free one is taken.</summary>
    private const int PortsTried = 10;

    /// <summary>Starts it on the port that is named, or on the first free one from the usual one.</summary>
    /// <exception cref="TransportException">The port cannot be opened.</exception>
    public static async Task<WebApplication> StartAsync(ViewOptions options, ConnectionDoor door, RequestDelegate serve, CancellationToken cancellationToken)
    {
        int first = options.Port ?? ViewOptions.UsualPort;
        for (int port = first; ; port++)
        {
            // The usual port may be taken by another run: the next ones, and then any, do as well. One that was named is meant.
            bool isLast = options.Port is not null || port > first + PortsTried;
            try
            {
                return await ListenAsync(options, isLast && options.Port is null ? 0 : port, door, serve, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException or UnauthorizedAccessException)
            {
                if (isLast)
                {
                    throw new TransportException(
                        $"The live view's port {first} on {options.Address} cannot be opened ({e.Message}): another program listens there (ss -ltnp), "
                        + "or the address is not of this machine. Name another with --view ADDRESS:PORT or view.port, or leave the view out with --no-view.",
                        e);
                }
            }
        }
    }

    /// <summary>Refuses a request.</summary>
    public static Task RefuseAsync(HttpContext context, int status, string reason)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync($"{reason}\n");
    }

    private static async Task<WebApplication> ListenAsync(
        ViewOptions options, int port, ConnectionDoor door, RequestDelegate serve, CancellationToken cancellationToken)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(options.Address, port, listen =>
            {
                listen.Protocols = HttpProtocols.Http1;
                door.Watch(listen);
            });
            KestrelServerLimits limits = kestrel.Limits;
            limits.MaxConcurrentConnections = 64 + (4 * options.MaxClients);
            limits.MaxConcurrentUpgradedConnections = options.MaxClients + 2;
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
        server.Run(context => door.ServeAsync(context, serve));
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
