using System.Buffers;
using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text.Json;

namespace VisionBanana.Edge.Cli.Foxglove;

/// <summary>One connected viewer: what it subscribed to, and a bounded queue of which the oldest message is dropped while it is slow.</summary>
internal sealed class FoxgloveClient : IDisposable
{
    private const int MaxRequestBytes = 64 * 1024;

    private readonly WebSocket _socket;
    private readonly Func<uint, bool> _isChannel;
    private readonly Func<uint, Outgoing?> _latestState;
    private readonly SendQueue _queue;
    private readonly TimeProvider _clock;
    private readonly long _opened;
    private readonly SemaphoreSlim _sending = new(1);
    private readonly ConcurrentDictionary<uint, uint> _channelOfSubscription = new();
    private long _dropped;

    /// <param name="socket">The accepted connection; closed by the caller.</param>
    /// <param name="queueCapacity">Messages that may wait.</param>
    /// <param name="isChannel">True for channels that were announced.</param>
    /// <param name="latestState">The kept message of a channel of state, for late subscribers; null = none.</param>
    /// <param name="clock">Measures how long it looks at nothing.</param>
    public FoxgloveClient(WebSocket socket, int queueCapacity, Func<uint, bool> isChannel, Func<uint, Outgoing?> latestState, TimeProvider clock)
    {
        _socket = socket;
        _isChannel = isChannel;
        _latestState = latestState;
        _queue = new SendQueue(queueCapacity);
        _clock = clock;
        _opened = clock.GetTimestamp();
    }

    /// <summary>How long it has looked at nothing; zero while it subscribes to something.</summary>
    public TimeSpan Idle => _channelOfSubscription.IsEmpty ? _clock.GetElapsedTime(_opened) : TimeSpan.Zero;

    /// <summary>Messages that this client was too slow for.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Serves the client until it leaves or <paramref name="cancellationToken"/> ends everything.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task sending = SendQueuedAsync(ended.Token);
        try
        {
            await ReceiveAsync(ended.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException)
        {
            // The client is gone, or everything ends.
        }

        await ended.CancelAsync().ConfigureAwait(false);
        await sending.ConfigureAwait(false);
    }

    /// <summary>Ends it at once: another viewer needs its place.</summary>
    public void Cut() => _socket.Abort();

    /// <summary>Sends text now, between two queued messages.</summary>
    public async Task SendTextAsync(ReadOnlyMemory<byte> text, CancellationToken cancellationToken)
    {
        await _sending.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await _socket.SendAsync(text, WebSocketMessageType.Text, true, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _sending.Release();
        }
    }

    /// <summary>Queues a copy of a message when its channel is subscribed; never waits.</summary>
    public void Offer(uint channel, int rank, ReadOnlySpan<byte> payload, long timeNs)
    {
        foreach ((uint subscription, uint subscribed) in _channelOfSubscription)
        {
            if (subscribed == channel)
            {
                Enqueue(Outgoing.Copy(subscription, payload, timeNs), rank);
                return;
            }
        }
    }

    public void Dispose()
    {
        _queue.Dispose();
        _sending.Dispose();
    }

    private void Enqueue(Outgoing message, int rank)
    {
        if (_queue.Add(message, rank) is { } gone)
        {
            Interlocked.Increment(ref _dropped);
            gone.Return();
        }
    }

    private async Task SendQueuedAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                Outgoing message = await _queue.TakeAsync(cancellationToken).ConfigureAwait(false);
                await _sending.WaitAsync(cancellationToken).ConfigureAwait(false);
                try
                {
                    await _socket.SendAsync(message.Bytes, WebSocketMessageType.Binary, true, cancellationToken).ConfigureAwait(false);
                }
                finally
                {
                    _sending.Release();
                    message.Return();
                }
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The client is gone, or everything ends.
        }
    }

    private async Task ReceiveAsync(CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[MaxRequestBytes];
        while (true)
        {
            int length = 0;
            ValueWebSocketReceiveResult part;
            do
            {
                if (length == buffer.Length)
                {
                    await _socket.CloseOutputAsync(
                        WebSocketCloseStatus.MessageTooBig, $"at most {MaxRequestBytes} bytes", cancellationToken).ConfigureAwait(false);
                    return;
                }

                part = await _socket.ReceiveAsync(buffer.AsMemory(length), cancellationToken).ConfigureAwait(false);
                length += part.Count;
            }
            while (!part.EndOfMessage);

            switch (part.MessageType)
            {
                case WebSocketMessageType.Close:
                    await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, cancellationToken).ConfigureAwait(false);
                    return;
                case WebSocketMessageType.Text when Handle(buffer.AsMemory(0, length)) is { } problem:
                    await SendTextAsync(FoxgloveProtocol.Warning(problem), cancellationToken).ConfigureAwait(false);
                    break;
            }
        }
    }

    /// <summary>Carries out a request; returns what was wrong with it, or null.</summary>
    private string? Handle(ReadOnlyMemory<byte> text)
    {
        try
        {
            using var request = JsonDocument.Parse(text);
            JsonElement root = request.RootElement;
            switch (root.GetProperty("op").GetString())
            {
                case "subscribe":
                    string? refused = null;
                    foreach (JsonElement item in root.GetProperty("subscriptions").EnumerateArray())
                    {
                        refused = Subscribe(item.GetProperty("id").GetUInt32(), item.GetProperty("channelId").GetUInt32()) ?? refused;
                    }

                    return refused;
                case "unsubscribe":
                    foreach (JsonElement id in root.GetProperty("subscriptionIds").EnumerateArray())
                    {
                        _channelOfSubscription.TryRemove(id.GetUInt32(), out _);
                    }

                    return null;
                case var op:
                    return $"This server only streams; '{op}' is not offered.";
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            return "The request could not be understood: expected subscribe or unsubscribe as JSON.";
        }
    }

    /// <summary>Subscribes; returns why not, or null. One subscription per channel, so that what a viewer costs is bounded.</summary>
    private string? Subscribe(uint subscription, uint channel)
    {
        if (!_isChannel(channel))
        {
            return $"There is no channel {channel}.";
        }

        if (_channelOfSubscription.ContainsKey(subscription) || _channelOfSubscription.Values.Contains(channel))
        {
            return $"Channel {channel} is subscribed already, or the subscription {subscription} is in use.";
        }

        _channelOfSubscription[subscription] = channel;
        if (_latestState(channel) is { } state)
        {
            Enqueue(state.For(subscription), rank: 0);
        }

        return null;
    }

    /// <summary>A message on its way, in a pooled buffer.</summary>
    internal readonly struct Outgoing
    {
        private readonly byte[] _buffer;
        private readonly int _length;

        private Outgoing(byte[] buffer, int length)
        {
            _buffer = buffer;
            _length = length;
        }

        public ReadOnlyMemory<byte> Bytes => _buffer.AsMemory(0, _length);

        public static Outgoing Copy(uint subscription, ReadOnlySpan<byte> payload, long timeNs)
        {
            int length = FoxgloveProtocol.MessageHeaderLength + payload.Length;
            byte[] buffer = ArrayPool<byte>.Shared.Rent(length);
            FoxgloveProtocol.WriteHeader(buffer, subscription, timeNs);
            payload.CopyTo(buffer.AsSpan(FoxgloveProtocol.MessageHeaderLength));
            return new Outgoing(buffer, length);
        }

        /// <summary>The same message for another subscription.</summary>
        public Outgoing For(uint subscription)
        {
            byte[] buffer = ArrayPool<byte>.Shared.Rent(_length);
            Bytes.Span.CopyTo(buffer);
            System.Buffers.Binary.BinaryPrimitives.WriteUInt32LittleEndian(buffer.AsSpan(1), subscription);
            return new Outgoing(buffer, _length);
        }

        public void Return() => ArrayPool<byte>.Shared.Return(_buffer);
    }
}
