using System.Buffers;
using System.Buffers.Binary;
using System.Net.WebSockets;
using System.Text.Json;
using System.Threading.Channels;

namespace VisionBanana.Edge.Cli.Viewing;

/// <summary>
/// One connected page. It gets a picture when it has shown the one before: at most two are on the way, the newest wins, and one that
/// stops reading holds those two and nothing else.
/// </summary>
internal sealed class ViewClient : IDisposable
{
    /// <summary>Pictures that may be on the way to a page: one that is shown, one that travels meanwhile.</summary>
    private const int MaxOnTheWay = 2;

    private const int MaxRequestBytes = 64 * 1024;
    private const int MaxTexts = 64;
    private const int MaxMalformed = 10;

    /// <summary>How long a page may take to accept bytes before it is cut off.</summary>
    private static readonly TimeSpan SendPatience = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan LeavePatience = TimeSpan.FromSeconds(1);

    private readonly WebSocket _socket;
    private readonly TimeProvider _clock;
    private readonly RequestBudget _budget;
    private readonly Lock _gate = new();
    private readonly Channel<byte[]> _texts = Channel.CreateBounded<byte[]>(
        new BoundedChannelOptions(MaxTexts) { FullMode = BoundedChannelFullMode.DropOldest });
    private readonly SemaphoreSlim _work = new(0);
    private readonly ViewLayer?[] _pending = new ViewLayer?[LayerKinds.All.Length], _sending = new ViewLayer?[LayerKinds.All.Length];
    private readonly long[] _sentSequence = new long[LayerKinds.All.Length];
    private readonly Queue<(long Sequence, long CapturedNs)> _onTheWay = new(MaxOnTheWay);
    private readonly ArrayBufferWriter<byte> _header = new(1024);
    private readonly Utf8JsonWriter _json;
    private PictureOf _picture;
    private bool _hasPending, _isEnded;
    private volatile bool _isLeaving;
    private long _wants, _sendingSince, _wantsNothingSince;

    public ViewClient(WebSocket socket, TimeProvider clock)
    {
        _socket = socket;
        _clock = clock;
        _budget = new RequestBudget(clock);
        _wantsNothingSince = clock.GetTimestamp();
        _json = new Utf8JsonWriter(_header);
        Array.Fill(_sentSequence, -1);
    }

    /// <summary>The layers it wants, as bits by their index in <see cref="LayerKinds"/>.</summary>
    public long Wants => Interlocked.Read(ref _wants);

    /// <summary>Whether it takes a picture now.</summary>
    public bool IsReady
    {
        get
        {
            lock (_gate)
            {
                return !_hasPending && !_isEnded && _onTheWay.Count < MaxOnTheWay && Wants != 0;
            }
        }
    }

    /// <summary>How long it has looked at nothing; zero while it wants something.</summary>
    public TimeSpan Idle => Wants == 0 ? _clock.GetElapsedTime(Interlocked.Read(ref _wantsNothingSince)) : TimeSpan.Zero;

    public void Want(long layers)
    {
        Interlocked.Exchange(ref _wantsNothingSince, _clock.GetTimestamp());
        Interlocked.Exchange(ref _wants, layers);
    }

    /// <summary>Ends it at once: another page needs its place.</summary>
    public void Cut() => _socket.Abort();

    /// <summary>
    /// Offers the newest layers; those it wants and has not got are sent. Never waits. A page that is not ready, or has everything, takes nothing.
    /// </summary>
    public void Offer(in PictureOf picture, ViewLayer?[] current)
    {
        lock (_gate)
        {
            if (_hasPending || _isEnded || _onTheWay.Count >= MaxOnTheWay)
            {
                return;
            }

            long wants = Wants;
            for (int i = 0; i < current.Length; i++)
            {
                if ((wants & (1L << i)) != 0 && current[i] is { } layer && layer.Sequence != _sentSequence[i])
                {
                    layer.Retain();
                    _pending[i] = layer;
                    _sentSequence[i] = layer.Sequence;
                    _hasPending = true;
                }
            }

            if (!_hasPending)
            {
                return;
            }

            _picture = picture;
            _onTheWay.Enqueue((picture.Sequence, picture.CapturedAt.MonotonicNs));
            _work.Release();
        }
    }

    /// <summary>
    /// The page shows a picture: it may have another one. Returns when the picture was taken (monotonic), or null when none was on the way to it.
    /// </summary>
    public long? Shown(long sequence)
    {
        lock (_gate)
        {
            while (_onTheWay.TryDequeue(out (long Sequence, long CapturedNs) picture))
            {
                if (picture.Sequence >= sequence)
                {
                    return picture.CapturedNs;
                }
            }

            return null;
        }
    }

    /// <summary>Forgets which layers were sent, so that they are sent again when they are offered.</summary>
    public void Forget()
    {
        lock (_gate)
        {
            Array.Fill(_sentSequence, -1);
        }
    }

    /// <summary>Queues text, ahead of pictures; the oldest goes when too much waits.</summary>
    public void Post(byte[] text)
    {
        if (_texts.Writer.TryWrite(text))
        {
            lock (_gate)
            {
                if (!_isEnded)
                {
                    _work.Release();
                }
            }
        }
    }

    /// <summary>Cuts it off when it has not accepted a byte for too long.</summary>
    public void CutOffIfStuck()
    {
        long since = Interlocked.Read(ref _sendingSince);
        if (since != 0 && _clock.GetElapsedTime(since) > SendPatience)
        {
            _socket.Abort();
        }
    }

    /// <summary>Serves the page until it leaves or <paramref name="cancellationToken"/> ends everything.</summary>
    /// <param name="handle">Handles a request; throws <see cref="MessageFormatException"/> when it is none.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task RunAsync(Action<ReadOnlyMemory<byte>> handle, CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task sending = SendAllAsync(ended.Token);
        try
        {
            await ReceiveAsync(handle, ended.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException)
        {
            // The page is gone, or everything ends.
        }

        if (_isLeaving)
        {
            // What is being sent is finished: cut in the middle, the page would not learn why it was closed.
            _work.Release();
            await Task.WhenAny(sending, Task.Delay(LeavePatience, _clock, CancellationToken.None)).ConfigureAwait(false);
        }

        await ended.CancelAsync().ConfigureAwait(false);
        await sending.ConfigureAwait(false);
        lock (_gate)
        {
            _isEnded = true;
            GiveBack(_pending);
            _hasPending = false;
        }
    }

    public void Dispose()
    {
        _json.Dispose();
        _work.Dispose();
    }

    private static void GiveBack(ViewLayer?[] layers)
    {
        for (int i = 0; i < layers.Length; i++)
        {
            layers[i]?.Dispose();
            layers[i] = null;
        }
    }

    private async Task ReceiveAsync(Action<ReadOnlyMemory<byte>> handle, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[MaxRequestBytes];
        int malformed = 0;
        while (true)
        {
            int length = 0;
            ValueWebSocketReceiveResult part;
            do
            {
                if (length == buffer.Length)
                {
                    await CloseAsync(WebSocketCloseStatus.MessageTooBig, $"at most {MaxRequestBytes} bytes", cancellationToken).ConfigureAwait(false);
                    return;
                }

                part = await _socket.ReceiveAsync(buffer.AsMemory(length), cancellationToken).ConfigureAwait(false);
                length += part.Count;
            }
            while (!part.EndOfMessage);

            if (part.MessageType == WebSocketMessageType.Close)
            {
                await CloseAsync(WebSocketCloseStatus.NormalClosure, null, cancellationToken).ConfigureAwait(false);
                return;
            }

            if (part.MessageType == WebSocketMessageType.Binary)
            {
                await CloseAsync(WebSocketCloseStatus.InvalidMessageType, "expected JSON", cancellationToken).ConfigureAwait(false);
                return;
            }

            if (!_budget.TrySpend(length))
            {
                await CloseAsync(WebSocketCloseStatus.PolicyViolation, "too many requests", cancellationToken).ConfigureAwait(false);
                return;
            }

            try
            {
                handle(buffer.AsMemory(0, length));
            }
            catch (MessageFormatException e)
            {
                Post(ViewAnswers.Failed(null, e.Message));
                if (++malformed == MaxMalformed)
                {
                    await CloseAsync(WebSocketCloseStatus.PolicyViolation, "too many malformed requests", cancellationToken).ConfigureAwait(false);
                    return;
                }
            }
        }
    }

    private Task CloseAsync(WebSocketCloseStatus status, string? reason, CancellationToken cancellationToken)
    {
        _isLeaving = true;
        return _socket.State is WebSocketState.Open or WebSocketState.CloseReceived
            ? _socket.CloseOutputAsync(status, reason, cancellationToken)
            : Task.CompletedTask;
    }

    private async Task SendAllAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (!_isLeaving)
            {
                await _work.WaitAsync(cancellationToken).ConfigureAwait(false);
                while (_texts.Reader.TryRead(out byte[]? text))
                {
                    await SendAsync(text, WebSocketMessageType.Text, true, cancellationToken).ConfigureAwait(false);
                }

                if (TryTake(out PictureOf picture))
                {
                    await SendPictureAsync(picture, cancellationToken).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Everything ends, or the page was told to go: what it was told still reaches it.
        }
        catch (Exception e) when (e is WebSocketException or ObjectDisposedException or InvalidOperationException)
        {
            // The page is gone, or is leaving and has been told.
            if (!_isLeaving)
            {
                _socket.Abort();
            }
        }
        finally
        {
            GiveBack(_sending);
        }
    }

    private bool TryTake(out PictureOf picture)
    {
        lock (_gate)
        {
            picture = _picture;
            if (!_hasPending)
            {
                return false;
            }

            _pending.CopyTo(_sending, 0);
            Array.Clear(_pending);
            _hasPending = false;
            return true;
        }
    }

    private async ValueTask SendPictureAsync(PictureOf picture, CancellationToken cancellationToken)
    {
        WriteHeader(picture);
        int last = Array.FindLastIndex(_sending, l => l is not null);
        await SendAsync(_header.WrittenMemory, WebSocketMessageType.Binary, false, cancellationToken).ConfigureAwait(false);
        for (int i = 0; i <= last; i++)
        {
            if (_sending[i] is { } layer)
            {
                await SendAsync(layer.Padded, WebSocketMessageType.Binary, i == last, cancellationToken).ConfigureAwait(false);
            }
        }

        GiveBack(_sending);
    }

    /// <summary>Four letters, the length of the JSON that follows as uint32, and that JSON filled up with spaces so that the layers begin aligned.</summary>
    private void WriteHeader(in PictureOf picture)
    {
        _header.ResetWrittenCount();
        "VBV1"u8.CopyTo(_header.GetSpan(8));
        _header.Advance(8);
        _json.Reset();
        _json.WriteStartObject();
        _json.WriteNumber("seq"u8, picture.Sequence);
        _json.WriteNumber("captured_ms"u8, picture.CapturedAt.UtcNs / 1_000_000);
        _json.WriteNumber("width"u8, picture.Width);
        _json.WriteNumber("height"u8, picture.Height);
        _json.WriteStartArray("layers"u8);
        int offset = 0;
        for (int i = 0; i < _sending.Length; i++)
        {
            if (_sending[i] is { } layer)
            {
                _json.WriteStartObject();
                _json.WriteString("name"u8, LayerKinds.All[i].Name);
                _json.WriteNumber("seq"u8, layer.Sequence);
                _json.WriteNumber("offset"u8, offset);
                _json.WriteNumber("length"u8, layer.Length);
                _json.WriteEndObject();
                offset += layer.Padded.Length;
            }
        }

        _json.WriteEndArray();
        _json.WriteEndObject();
        _json.Flush();
        int written = _header.WrittenCount, padding = ViewLayer.Align(written) - written;
        _header.GetSpan(ViewLayer.Alignment)[..padding].Fill((byte)' ');
        _header.Advance(padding);
        BinaryPrimitives.WriteUInt32LittleEndian(
            System.Runtime.InteropServices.MemoryMarshal.AsMemory(_header.WrittenMemory).Span[4..], (uint)(_header.WrittenCount - 8));
    }

    private async ValueTask SendAsync(ReadOnlyMemory<byte> bytes, WebSocketMessageType type, bool isEnd, CancellationToken cancellationToken)
    {
        Interlocked.Exchange(ref _sendingSince, _clock.GetTimestamp());
        await _socket.SendAsync(bytes, type, isEnd, cancellationToken).ConfigureAwait(false);
        Interlocked.Exchange(ref _sendingSince, 0);
    }

    /// <summary>Which picture layers are of.</summary>
    internal readonly record struct PictureOf(long Sequence, CaptureTime CapturedAt, int Width, int Height);
}
