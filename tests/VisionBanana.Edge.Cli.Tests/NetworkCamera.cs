using System.Net;
using System.Net.Sockets;
using System.Text;

namespace VisionBanana.Edge.Cli.Tests;

/// <summary>A network camera on loopback, as cheap ones are: it sends JPEGs one after another over HTTP, in a circle, to whoever connects.</summary>
internal sealed class NetworkCamera : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ended = new();
    private readonly byte[][] _pictures;
    private readonly TimeSpan _period;

    public NetworkCamera(IEnumerable<string> pictures, TimeSpan period)
    {
        _pictures = [.. pictures.Select(File.ReadAllBytes)];
        _period = period;
        _listener.Start();
        _ = AcceptAsync();
    }

    public string Url => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/video";

    public void Dispose()
    {
        _ended.Cancel();
        _listener.Dispose();
        _ended.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await _listener.AcceptTcpClientAsync(_ended.Token));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                NetworkStream stream = client.GetStream();
                await stream.WriteAsync(
                    "HTTP/1.0 200 OK\r\nContent-Type: multipart/x-mixed-replace;boundary=picture\r\n\r\n"u8.ToArray(), _ended.Token);
                using var timer = new PeriodicTimer(_period);
                for (int i = 0; await timer.WaitForNextTickAsync(_ended.Token); i++)
                {
                    byte[] jpeg = _pictures[i % _pictures.Length];
                    await stream.WriteAsync(
                        Encoding.ASCII.GetBytes($"--picture\r\nContent-Type: image/jpeg\r\nContent-Length: {jpeg.Length}\r\n\r\n"), _ended.Token);
                    await stream.WriteAsync(jpeg, _ended.Token);
                    await stream.WriteAsync("\r\n"u8.ToArray(), _ended.Token);
                }
            }
            catch (Exception e) when (e is OperationCanceledException or IOException or ObjectDisposedException)
            {
                // Whoever looked has gone.
            }
        }
    }
}
