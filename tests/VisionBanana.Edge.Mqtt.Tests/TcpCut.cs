using System.Net;
using System.Net.Sockets;

namespace VisionBanana.Edge.Mqtt.Tests;

/// <summary>A cable between client and broker that can be cut.</summary>
internal sealed class TcpCut : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly List<TcpClient> _open = [];
    private readonly int _target;
    private volatile bool _unplugged, _isStopped;

    public TcpCut(int target)
    {
        _target = target;
        _listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Cuts the connections of now; later ones are let through.</summary>
    public void Cut()
    {
        lock (_open)
        {
            _open.ForEach(client => client.Dispose());
            _open.Clear();
        }
    }

    /// <summary>Cuts, and lets nothing through until <see cref="Mend"/>.</summary>
    public void Unplug()
    {
        _unplugged = true;
        Cut();
    }

    public void Mend() => _unplugged = false;

    public void Dispose()
    {
        _isStopped = true;
        _listener.Stop();
        Cut();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            TcpClient? near = null;
            var far = new TcpClient();
            try
            {
                near = await _listener.AcceptTcpClientAsync();
                await far.ConnectAsync(IPAddress.Loopback, _target);
            }
            catch (Exception error) when (error is SocketException or ObjectDisposedException)
            {
                near?.Dispose();
                far.Dispose();
                if (_isStopped)
                {
                    return;
                }

                // The broker is away, or the client left before it was let in.
                continue;
            }

            lock (_open)
            {
                if (_unplugged)
                {
                    near.Dispose();
                    far.Dispose();
                    continue;
                }

                _open.AddRange([near, far]);
            }

            _ = PumpAsync(near, far);
            _ = PumpAsync(far, near);
        }
    }

    private static async Task PumpAsync(TcpClient from, TcpClient to)
    {
        try
        {
            await from.GetStream().CopyToAsync(to.GetStream());
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // Cut.
        }
        finally
        {
            from.Dispose();
            to.Dispose();
        }
    }
}
