using System.Net;
using System.Net.Sockets;

namespace VisionBanana.Edge.OpenCv.Tests.Sources;

/// <summary>A camera that sends one file to everybody who connects, over plain TCP on loopback.</summary>
internal sealed class FileServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly byte[] _content;

    public FileServer(string file)
    {
        _content = File.ReadAllBytes(file);
        _listener.Start();
        _ = Accept();
    }

    public string Url => $"tcp://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    public void Dispose() => _listener.Dispose();

    private async Task Accept()
    {
        while (true)
        {
            try
            {
                using TcpClient client = await _listener.AcceptTcpClientAsync();
                await client.GetStream().WriteAsync(_content);
            }
            catch (IOException)
            {
                // It had enough.
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }
}
