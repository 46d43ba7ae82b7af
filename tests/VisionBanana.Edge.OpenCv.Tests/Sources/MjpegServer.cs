using System.Net;
using System.Net.Sockets;
using System.Text;
using OpenCvSharp;

namespace VisionBanana.Edge.OpenCv.Tests.Sources;

/// <summary>An IP camera: motion JPEG over HTTP on loopback. It can freeze, lose its connections and go off the network.</summary>
internal sealed class MjpegServer : IDisposable
{
    private readonly List<TcpClient> _clients = [];
    private readonly CancellationTokenSource _stop = new();
    private TcpListener? _listener;

    public MjpegServer()
    {
        _listener = new TcpListener(IPAddress.Loopback, 0);
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _ = Accept(_listener);
    }

    public int Port { get; }

    public string Url => $"http://127.0.0.1:{Port}/video";

    public volatile bool Frozen;

    public volatile bool Silent;

    /// <summary>Of every so many pictures the last arrives by half; 0 = all are whole.</summary>
    public volatile int HalfEvery;

    public void GoOffline()
    {
        _listener?.Stop();
        _listener = null;
        Disconnect();
    }

    public void GoOnline()
    {
        _listener = new TcpListener(IPAddress.Loopback, Port);
        _listener.Server.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        _listener.Start();
        _ = Accept(_listener);
    }

    public void Dispose()
    {
        _stop.Cancel();
        GoOffline();
    }

    private void Disconnect()
    {
        lock (_clients)
        {
            _clients.ForEach(c => c.Dispose());
            _clients.Clear();
        }
    }

    private async Task Accept(TcpListener listener)
    {
        try
        {
            while (true)
            {
                TcpClient client = await listener.AcceptTcpClientAsync(_stop.Token);
                lock (_clients)
                {
                    _clients.Add(client);
                }

                _ = Serve(client);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task Serve(TcpClient client)
    {
        try
        {
            NetworkStream stream = client.GetStream();
            _ = await stream.ReadAsync(new byte[4096], _stop.Token);
            await stream.WriteAsync("HTTP/1.0 200 OK\r\nContent-Type: multipart/x-mixed-replace;boundary=frame\r\n\r\n"u8.ToArray(), _stop.Token);
            using var picture = new Mat(240, 320, MatType.CV_8UC3);
            for (int i = 0; ; i++)
            {
                while (Silent)
                {
                    await Task.Delay(20, _stop.Token);
                }

                if (i == 0 || !Frozen)
                {
                    Cv2.Randu(picture, Scalar.All(0), Scalar.All(255));
                }

                byte[] jpeg = picture.ToBytes(".jpg");
                if (HalfEvery > 0 && i % HalfEvery == HalfEvery - 1)
                {
                    jpeg = jpeg[..(jpeg.Length / 2)];
                }

                await stream.WriteAsync(
                    Encoding.ASCII.GetBytes($"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: {jpeg.Length}\r\n\r\n"), _stop.Token);
                await stream.WriteAsync(jpeg, _stop.Token);
                await stream.WriteAsync("\r\n"u8.ToArray(), _stop.Token);
                await Task.Delay(20, _stop.Token);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or ObjectDisposedException or InvalidOperationException)
        {
        }
    }
}
