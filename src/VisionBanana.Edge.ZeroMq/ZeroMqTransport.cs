using System.Diagnostics;
using System.Text;
using NetMQ;
using NetMQ.Sockets;
using VisionBanana.Edge.Diagnostics;
using VisionBanana.Edge.Messages;

namespace VisionBanana.Edge.ZeroMq;

/// <summary>
/// Publishes on a ZeroMQ PUB socket. Three frames per message: topic <c>vb/v1/{device}/{camera}/{stream}</c>, JSON header
/// (<see cref="WireHeader"/>), CDR payload. Sockets are not thread-safe: one thread owns it, and
/// <see cref="SendAsync(WireMessage, CancellationToken)"/> completes when that thread has copied the payload.
/// Several cameras share one socket (<see cref="SharedTransport"/>). A subscriber that does not keep up loses messages alone; PUB never waits for it.
/// Subscriptions of ZeroMQ are prefixes: <c>…/depth</c> also brings <c>…/depth/camera_info</c>, so readers compare the topic.
/// </summary>
public sealed class ZeroMqTransport : IMessageTransport, ISharedTransport
{
    private static readonly TimeSpan Linger = TimeSpan.FromMilliseconds(500);

    private readonly ZeroMqOptions _options;
    private readonly SendHandover _handover = new();
    private readonly WireHeader _header = new();
    private readonly Dictionary<string, CameraTopics> _cameras = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly NetMQCertificate? _certificate;
    private Thread? _thread;
    private volatile string _endpoint;
    private volatile bool _bound;

    /// <summary>Checks the options; nothing is opened yet.</summary>
    /// <exception cref="ConfigurationException">An option cannot work; the message says why.</exception>
    public ZeroMqTransport(ZeroMqOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _endpoint = ZeroMqEndpoint.Check(options.Endpoint);
        _ = options.Address.Checked();
        if (options.HighWaterMark < 1)
        {
            throw new ConfigurationException($"The high-water mark is at least 1 message (0 would mean without limit), found {options.HighWaterMark}.");
        }

        if (options.StateInterval <= TimeSpan.Zero)
        {
            throw new ConfigurationException($"State is repeated at an interval above zero, found {options.StateInterval}.");
        }

        _certificate = (options.CurveSecretKeyVariable, options.CurveSecretKeyFile) switch
        {
            ({ } variable, null) => CurveKeys.FromEnvironment(variable),
            (null, { } file) => CurveKeys.FromFile(file),
            (null, null) => null,
            _ => throw new ConfigurationException("The CURVE secret key stands in an environment variable or in a file: name one of them, not both."),
        };
        _options = options;
    }

    /// <inheritdoc/>
    public string Name => "zeromq";

    /// <summary>The address that is bound; with port 0 in the options, the port that was taken once started.</summary>
    public string Endpoint => _endpoint;

    /// <inheritdoc/>
    public string State => _handover.IsClosed ? $"{_endpoint} (closed)" : $"{_endpoint} ({(_bound ? "bound" : "not started")})";

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (_thread is not null)
        {
            throw new InvalidOperationException("The transport was started already.");
        }

        ZeroMqRuntime.Prepare();
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _thread = new Thread(() => Run(started)) { IsBackground = true, Name = "zeromq publisher" };
        _thread.Start();
        return started.Task.WaitAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<DropReason?> SendAsync(WireMessage message, CancellationToken cancellationToken) =>
        SendAsync(_options.Camera, message, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<DropReason?> SendAsync(string camera, WireMessage message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(camera);
        ArgumentNullException.ThrowIfNull(message);
        if (cancellationToken.IsCancellationRequested)
        {
            return new ValueTask<DropReason?>(DropReason.Stopped);
        }

        if (!_bound)
        {
            return new ValueTask<DropReason?>(_handover.IsClosed ? DropReason.Stopped : DropReason.NotConnected);
        }

        return _handover.SendAsync(camera, message, cancellationToken);
    }

    /// <summary>Sends what waits (half a second at most) and closes the socket.</summary>
    public async ValueTask DisposeAsync()
    {
        _handover.Close();
        if (_thread is not null)
        {
            await _ended.Task.ConfigureAwait(false);
        }

        _handover.Dispose();
        _header.Dispose();
    }

    private void Run(TaskCompletionSource started)
    {
        try
        {
            PublisherSocket socket;
            try
            {
                socket = Open();
            }
            catch (Exception error)
            {
                _handover.Close();      // before the end is announced: a later send returns that it ended
                started.SetException(
                    error as TransportException ?? new TransportException($"The ZeroMQ publisher cannot open {_endpoint}: {error.Message}", error));
                return;
            }

            using (socket)
            {
                _bound = true;
                started.SetResult();
                Publish(socket);
            }
        }
        finally
        {
            _bound = false;
            _handover.Close();
            if (_handover.Take(TimeSpan.Zero) is not null)
            {
                _handover.Complete(DropReason.Stopped);
            }

            _ended.SetResult();
        }
    }

    private PublisherSocket Open()
    {
        var socket = new PublisherSocket();
        try
        {
            socket.Options.SendHighWatermark = _options.HighWaterMark;
            socket.Options.Linger = Linger;
            socket.Options.MaxMsgSize = ZeroMqRuntime.MaxSubscriptionBytes;
            if (_certificate is not null)
            {
                socket.Options.CurveServer = true;
                socket.Options.CurveCertificate = _certificate;
            }

            socket.Bind(_endpoint);
            _endpoint = socket.Options.LastEndpoint ?? _endpoint;
            return socket;
        }
        catch (AddressAlreadyInUseException error)
        {
            socket.Dispose();
            throw new TransportException(
                $"{_endpoint} is in use by another program. Stop it (`ss -ltnp` shows which), or choose another port for ZeroMQ.", error);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private void Publish(PublisherSocket socket)
    {
        long repeated = Stopwatch.GetTimestamp();
        while (!_handover.IsClosed)
        {
            TimeSpan untilRepeat = _options.StateInterval - Stopwatch.GetElapsedTime(repeated);
            if (_handover.Take(untilRepeat > TimeSpan.Zero ? untilRepeat : TimeSpan.Zero) is { } message)
            {
                _handover.Complete(TryPublish(socket, message.Camera, message.Message));
            }

            if (Stopwatch.GetElapsedTime(repeated) >= _options.StateInterval)
            {
                repeated = Stopwatch.GetTimestamp();
                foreach (KeptState state in _cameras.Values.SelectMany(c => c.State.All))
                {
                    TrySend(socket, state.Topic, state.Header, state.Payload);
                }
            }
        }
    }

    private DropReason? TryPublish(PublisherSocket socket, string camera, WireMessage message)
    {
        if (!_cameras.TryGetValue(camera, out CameraTopics? known))
        {
            _cameras.Add(camera, known = new CameraTopics(new CameraAddress(_options.Device, camera)));
        }

        if (!known.Topics.TryGetValue(message.Stream, out byte[]? topic))
        {
            topic = Encoding.UTF8.GetBytes(known.Address.TopicOf(message.Stream));
            known.Topics.Add(message.Stream, topic);
        }

        if (message.IsState)
        {
            if (known.State.IsKnown(message, out _))
            {
                return null;
            }

            known.State.Keep(message, new KeptState(topic, _header.Write(message).ToArray(), message.Payload.ToArray()));
        }

        return TrySend(socket, topic, _header.Write(message), message.Payload.Span);
    }

    private static DropReason? TrySend(PublisherSocket socket, ReadOnlySpan<byte> topic, ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload)
    {
        try
        {
            SendFrame(socket, topic, more: true);
            SendFrame(socket, header, more: true);
            SendFrame(socket, payload, more: false);
            return null;
        }
        catch (NetMQException)
        {
            // The context was torn down under the socket; nothing that leaves this thread may be an exception.
            return DropReason.SendFailed;
        }
    }

    private static void SendFrame(PublisherSocket socket, ReadOnlySpan<byte> bytes, bool more)
    {
        var frame = default(Msg);
        frame.InitPool(bytes.Length);
        try
        {
            bytes.CopyTo(frame.Slice());
            socket.Send(ref frame, more);
        }
        finally
        {
            frame.Close();
        }
    }

    /// <summary>One camera's topics, and its state; the socket's thread alone uses them.</summary>
    private sealed class CameraTopics(CameraAddress address)
    {
        public CameraAddress Address => address;

        public Dictionary<string, byte[]> Topics { get; } = new(StringComparer.Ordinal);

        public KeptStates<KeptState> State { get; } = new();
    }

    /// <summary>State as it is repeated.</summary>
    private sealed record KeptState(byte[] Topic, byte[] Header, byte[] Payload);
}
