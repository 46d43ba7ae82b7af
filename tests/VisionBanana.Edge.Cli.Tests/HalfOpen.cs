using System.Net;
using System.Net.Sockets;
using System.Text;

namespace VisionBanana.Edge.Cli.Tests;

/// <summary>Connections that send half a request and wait.</summary>
internal sealed class HalfOpen : IDisposable
{
    private readonly List<TcpClient> _clients = [];

    public static async Task<HalfOpen> OpenAsync(int port, int count)
    {
        var all = new HalfOpen();
        for (int i = 0; i < count; i++)
        {
            var client = new TcpClient();
            all._clients.Add(client);
            await client.ConnectAsync(IPAddress.Loopback, port);
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\nHost: loc"));
        }

        return all;
    }

    public void Dispose() => _clients.ForEach(c => c.Dispose());
}
