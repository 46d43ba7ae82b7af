using System.Net.Sockets;
using System.Text;

namespace VisionBanana.Edge.Mqtt.Tests;

/// <summary>A client that sends what no library would, and reads when the test says so.</summary>
internal sealed class RawClient : IDisposable
{
    private readonly TcpClient _client = new() { ReceiveBufferSize = 4096 };

    public static async Task<RawClient> OpenAsync(int port)
    {
        var raw = new RawClient();
        await raw._client.ConnectAsync("127.0.0.1", port);
        return raw;
    }

    /// <summary>Says CONNECT (MQTT 5, clean start, keep-alive off) and waits for CONNACK.</summary>
    public static async Task<RawClient> ConnectAsync(int port, string id)
    {
        RawClient raw = await OpenAsync(port);
        byte[] name = Encoding.UTF8.GetBytes(id);
        await raw.SendAsync([0x10, (byte)(13 + name.Length), 0, 4, .. "MQTT"u8, 5, 2, 0, 0, 0, 0, (byte)name.Length, .. name]);
        byte[] answer = new byte[256];
        Assert.True(await raw._client.GetStream().ReadAsync(answer).AsTask().WaitAsync(Publishing.Limit) > 3);
        Assert.Equal((0x20, 0), (answer[0], answer[3]));
        return raw;
    }

    public async Task SubscribeAsync(string filter)
    {
        byte[] name = Encoding.UTF8.GetBytes(filter);
        await SendAsync([0x82, (byte)(6 + name.Length), 0, 1, 0, 0, (byte)name.Length, .. name, 0]);
    }

    public async Task SendAsync(byte[] bytes)
    {
        try
        {
            await _client.GetStream().WriteAsync(bytes).AsTask().WaitAsync(Publishing.Limit);
        }
        catch (Exception error) when (error is IOException or InvalidOperationException)
        {
            // It was cut already; the test looks.
        }
    }

    /// <summary>Reads on until the other end closes.</summary>
    public async Task ClosedAsync()
    {
        using var limit = new CancellationTokenSource(Publishing.Limit);
        await ReadAsync(static _ => { }, limit.Token);
    }

    /// <summary>Reads on until the other end closes and tells how much each time.</summary>
    public async Task ReadAsync(Action<int> onRead, CancellationToken cancellationToken = default)
    {
        byte[] buffer = new byte[65536];
        try
        {
            for (int read; (read = await _client.GetStream().ReadAsync(buffer, cancellationToken)) > 0;)
            {
                onRead(read);
            }
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException)
        {
            // Closed hard, or the test is over.
        }
    }

    public void Dispose() => _client.Dispose();
}
