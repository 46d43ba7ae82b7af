using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace VisionBanana.Edge.Cli.Tests.Viewing;

/// <summary>The socket of the page, in the hands of a program.</summary>
internal sealed class ViewSocket : IDisposable
{
    private readonly ClientWebSocket _socket = new();
    private readonly MemoryStream _message = new();

    public WebSocketState State => _socket.State;

    public HttpStatusCode Status => _socket.HttpStatusCode;

    public WebSocketCloseStatus? Closed => _socket.CloseStatus;

    /// <summary>Connects as a program would, or as a page of <paramref name="origin"/> would; whether it worked is in <see cref="Status"/>.</summary>
    public static async Task<ViewSocket> ConnectAsync(int port, string? origin = null, string query = "")
    {
        var socket = new ViewSocket();
        socket._socket.Options.CollectHttpResponseDetails = true;
        socket._socket.Options.SetRequestHeader("Origin", origin);
        try
        {
            await socket._socket.ConnectAsync(new Uri($"ws://127.0.0.1:{port}/ws{query}"), CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(60));
        }
        catch (WebSocketException)
        {
            // The caller looks at the status.
        }

        return socket;
    }

    public Task SendAsync(string text) => SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text);

    public async Task SendAsync(byte[] message, WebSocketMessageType type)
    {
        try
        {
            await _socket.SendAsync(message, type, true, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(60));
        }
        catch (Exception e) when (e is WebSocketException or ObjectDisposedException)
        {
            // It was closed; the caller looks at how.
        }
    }

    /// <summary>The next text of a type; others, and pictures, are passed over.</summary>
    public async Task<JsonElement> TextAsync(string type)
    {
        while (true)
        {
            if (await ReceiveAsync() == WebSocketMessageType.Text)
            {
                JsonElement message = JsonDocument.Parse(_message.ToArray()).RootElement;
                if (message.GetProperty("type").GetString() == type)
                {
                    return message;
                }
            }
        }
    }

    /// <summary>The header of the next picture; texts are passed over.</summary>
    public async Task<JsonElement> PictureAsync()
    {
        while (await ReceiveAsync() != WebSocketMessageType.Binary)
        {
        }

        byte[] bytes = _message.ToArray();
        Assert.Equal("VBV1"u8.ToArray(), bytes[..4]);
        int length = BitConverter.ToInt32(bytes, 4);
        Assert.Equal(0, (8 + length) % 8);
        JsonElement header = JsonDocument.Parse(bytes.AsMemory(8, length)).RootElement;
        JsonElement last = header.GetProperty("layers").EnumerateArray().Last();
        Assert.InRange(bytes.Length - 8 - length - last.GetProperty("offset").GetInt32() - last.GetProperty("length").GetInt32(), 0, 7);
        return header;
    }

    /// <summary>Reads until the server closes.</summary>
    public async Task DrainAsync()
    {
        try
        {
            while (await ReceiveAsync() != WebSocketMessageType.Close)
            {
            }
        }
        catch (WebSocketException)
        {
            // It was cut off.
        }
    }

    public void Dispose()
    {
        _socket.Dispose();
        _message.Dispose();
    }

    private async Task<WebSocketMessageType> ReceiveAsync()
    {
        _message.SetLength(0);
        byte[] buffer = new byte[64 * 1024];
        while (true)
        {
            ValueWebSocketReceiveResult part = await _socket.ReceiveAsync(
                buffer.AsMemory(), CancellationToken.None).AsTask().WaitAsync(TimeSpan.FromSeconds(60));
            _message.Write(buffer.AsSpan(0, part.Count));
            if (part.EndOfMessage)
            {
                return part.MessageType;
            }
        }
    }
}
