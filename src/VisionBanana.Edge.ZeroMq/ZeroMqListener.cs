using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using NetMQ;
using NetMQ.Sockets;
using VisionBanana.Edge.Messages;

namespace VisionBanana.Edge.ZeroMq;

/// <summary>Subscribes to a publisher. It need not be there yet: the socket connects and reconnects by itself.</summary>
public sealed class ZeroMqListener : IMessageListener
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);

    private readonly ZeroMqListenerOptions _options;
    private readonly TimeProvider _clock;
    private readonly MessageFeed _messages;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly NetMQCertificate? _serverKey;
    private Thread? _thread;
    private long _received;
    private volatile bool _stopping;

    /// <summary>Checks the options; nothing is opened yet.</summary>
    /// <exception cref="ConfigurationException">An option cannot work; the message says why.</exception>
    public ZeroMqListener(ZeroMqListenerOptions options, TimeProvider? clock = null, ILogger<ZeroMqListener>? log = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ZeroMqEndpoint.Check(options.Endpoint);
        _serverKey = options.CurveServerKey is { } key ? CurveKeys.FromPublicKey(key) : null;
        _options = options;
        _clock = clock ?? TimeProvider.System;
        _messages = new MessageFeed(log ?? NullLogger<ZeroMqListener>.Instance);
    }

    /// <inheritdoc/>
    public string Name => "zeromq";

    /// <inheritdoc/>
    public string State =>
        $"{_options.Endpoint} ({(Interlocked.Read(ref _received) == 0 ? "nothing heard yet" : "receiving")})"
        + (FailedCount == 0 ? "" : $"; subscribers threw {FailedCount} times");

    /// <summary>How often a subscriber threw: it missed that message, and gets the next one.</summary>
    public long FailedCount => _messages.FailedCount;

    /// <inheritdoc/>
    public IObservable<ReceivedMessage> Messages => _messages;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (_thread is not null)
        {
            throw new InvalidOperationException("The listener was started already.");
        }

        ZeroMqRuntime.Prepare();
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _thread = new Thread(() => Run(started)) { IsBackground = true, Name = "zeromq subscriber" };
        _thread.Start();
        return started.Task.WaitAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _stopping = true;
        if (_thread is not null)
        {
            await _ended.Task.ConfigureAwait(false);
        }

        _messages.End();
    }

    private void Run(TaskCompletionSource started)
    {
        try
        {
            using var socket = new SubscriberSocket();
            try
            {
                socket.Options.ReceiveHighWatermark = _options.HighWaterMark;
                socket.Options.Linger = TimeSpan.Zero;
                socket.Options.MaxMsgSize = ZeroMqRuntime.MaxFrameBytes;
                if (_serverKey is not null)
                {
                    socket.Options.CurveServerCertificate = _serverKey;
                    socket.Options.CurveCertificate = new NetMQCertificate();
                }

                socket.Connect(_options.Endpoint);
                socket.Subscribe(_options.TopicPrefix);
            }
            catch (Exception error)
            {
                started.SetException(new TransportException($"Cannot listen to {_options.Endpoint}: {error.Message}", error));
                return;
            }

            started.SetResult();
            Receive(socket);
        }
        finally
        {
            _ended.SetResult();
        }
    }

    private void Receive(SubscriberSocket socket)
    {
        Msg topic = default, header = default, payload = default, rest = default;
        topic.InitEmpty();
        header.InitEmpty();
        payload.InitEmpty();
        rest.InitEmpty();
        try
        {
            while (!_stopping)
            {
                if (!socket.TryReceive(ref topic, Patience))
                {
                    continue;
                }

                int frames = 1;
                if (topic.HasMore)
                {
                    socket.Receive(ref header);
                    frames++;
                    if (header.HasMore)
                    {
                        socket.Receive(ref payload);
                        frames++;
                        for (bool more = payload.HasMore; more; more = rest.HasMore)
                        {
                            socket.Receive(ref rest);
                            frames++;
                        }
                    }
                }

                Interlocked.Increment(ref _received);
                long now = (_clock.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * 100;
                _messages.Publish(Read(Encoding.UTF8.GetString(topic.Slice()), frames, header.SliceAsMemory(), payload.SliceAsMemory(), now));
            }

            _messages.End();
        }
        catch (Exception error)
        {
            // The context was torn down under the socket: the sequence ends with the reason.
            _messages.End(new TransportException($"Listening to {_options.Endpoint} ended: {error.Message}", error));
        }
        finally
        {
            topic.Close();
            header.Close();
            payload.Close();
            rest.Close();
        }
    }

    private static ReceivedMessage Read(string topic, int frames, ReadOnlyMemory<byte> header, ReadOnlyMemory<byte> payload, long now)
    {
        string stream = WireTopics.TryGetStream(topic, out string? found) ? found : "";
        if (frames != 3)
        {
            // Of others than us: topic and payload.
            return new ReceivedMessage(
                topic, Unreadable(stream, frames == 2 ? header : default), now, $"expected 3 frames (topic, header, payload), found {frames}");
        }

        try
        {
            return new ReceivedMessage(topic, WireHeader.Read(header, stream, payload), now);
        }
        catch (MessageFormatException error)
        {
            return new ReceivedMessage(topic, Unreadable(stream, payload), now, error.Message);
        }
    }

    private static WireMessage Unreadable(string stream, ReadOnlyMemory<byte> payload) => new() { Stream = stream, Schema = "", Payload = payload };
}
