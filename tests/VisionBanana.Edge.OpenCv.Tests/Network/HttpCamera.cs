using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace VisionBanana.Edge.OpenCv.Tests.Network;

/// <summary>A camera on loopback that answers each request for HTTP as a test says, and keeps what it was asked.</summary>
internal sealed class HttpCamera : IDisposable
{
    private readonly TcpListener _listener;
    private readonly Func<string[], byte[]> _answer;

    /// <param name="answer">From the lines of a request's head to the bytes of the answer; the connection ends behind them.</param>
    /// <param name="address">Where it listens; null = 127.0.0.1.</param>
    public HttpCamera(Func<string[], byte[]> answer, string? address = null)
    {
        _answer = answer;
        _listener = new TcpListener(IPAddress.Parse(address ?? "127.0.0.1"), 0);
        _listener.Start();
        _ = Accept();
    }

    public string Place => _listener.LocalEndpoint.ToString()!;

    public List<string[]> Asked { get; } = [];

    public static byte[] Answer(string head, byte[]? body = null) =>
        [.. Encoding.ASCII.GetBytes($"HTTP/1.1 {head}\r\nContent-Length: {(body?.Length ?? 0).ToString(CultureInfo.InvariantCulture)}\r\n\r\n"), .. body ?? []];

    public void Dispose() => _listener.Dispose();

    private async Task Accept()
    {
        while (true)
        {
            try
            {
                TcpClient client = await _listener.AcceptTcpClientAsync();
                _ = Serve(client);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task Serve(TcpClient client)
    {
        try
        {
            using (client)
            using (var reader = new StreamReader(client.GetStream(), Encoding.ASCII, leaveOpen: true))
            {
                var head = new List<string>();
                while (await reader.ReadLineAsync() is { Length: > 0 } line)
                {
                    head.Add(line);
                }

                if (head.Count > 0)
                {
                    lock (Asked)
                    {
                        Asked.Add([.. head]);
                    }

                    await client.GetStream().WriteAsync(_answer([.. head]));
                }
            }
        }
        catch (IOException)
        {
            // It had enough.
        }
    }
}
