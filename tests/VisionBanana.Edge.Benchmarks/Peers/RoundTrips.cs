using VisionBanana.Edge.Messages;
using VisionBanana.Edge.Mqtt;
using VisionBanana.Edge.ZeroMq;

namespace VisionBanana.Edge.Benchmarks.Peers;

/// <summary>A message of 128 bytes from publisher to subscriber over loopback: through a broker, and from socket to socket.</summary>
internal sealed class RoundTrips : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private readonly List<IAsyncDisposable> _opened = [];
    private readonly List<IDisposable> _subscriptions = [];
    private readonly SemaphoreSlim _arrived = new(0);

    public RoundTrips(int? broker)
    {
        if (broker is { } port)
        {
            var listener = new MqttListener(new MqttOptions { Port = port });
            var transport = new MqttTransport(new MqttOptions { Port = port, Device = "bench", Commands = false });
            Open(listener, transport, "mqtt");
        }

        var publisher = new ZeroMqTransport(new ZeroMqOptions { Endpoint = "tcp://127.0.0.1:0", Device = "bench" });
        publisher.StartAsync(CancellationToken.None).GetAwaiter().GetResult();
        Open(new ZeroMqListener(new ZeroMqListenerOptions { Endpoint = publisher.Endpoint }), publisher, "zeromq", started: true);
    }

    public Dictionary<string, Action> Actions { get; } = [];

    public void Dispose()
    {
        _subscriptions.ForEach(s => s.Dispose());
        foreach (IAsyncDisposable opened in _opened)
        {
            opened.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }

        _arrived.Dispose();
    }

    private void Open(IMessageListener listener, IMessageTransport transport, string name, bool started = false)
    {
        listener.StartAsync(CancellationToken.None).GetAwaiter().GetResult();
        if (!started)
        {
            transport.StartAsync(CancellationToken.None).GetAwaiter().GetResult();
        }

        _opened.Add(transport);
        _opened.Add(listener);
        var message = new WireMessage { Stream = VisionBanana.Edge.Messages.Streams.Depth, Schema = "sensor_msgs/msg/Image", Payload = new byte[128] };
        _subscriptions.Add(listener.Messages.Subscribe(new Arrival(_arrived)));
        SpinWait.SpinUntil(() => Send(TimeSpan.FromMilliseconds(100)), Limit);

        // What was sent while the subscription was not there yet may still arrive.
        Thread.Sleep(200);
        while (_arrived.Wait(0))
        {
        }

        Actions[$"{name}_round_trip/128"] = () =>
        {
            if (!Send(Limit))
            {
                throw new TimeoutException($"{name}: a message did not arrive within {Limit.TotalSeconds} s.");
            }
        };

        bool Send(TimeSpan limit)
        {
            ValueTask<VisionBanana.Edge.Diagnostics.DropReason?> sent = transport.SendAsync(message, CancellationToken.None);
            return (sent.IsCompletedSuccessfully ? sent.GetAwaiter().GetResult() : sent.AsTask().GetAwaiter().GetResult()) is null && _arrived.Wait(limit);
        }
    }

    private sealed class Arrival(SemaphoreSlim arrived) : IObserver<ReceivedMessage>
    {
        public void OnNext(ReceivedMessage value)
        {
            if (value.Topic.EndsWith("/depth", StringComparison.Ordinal))
            {
                arrived.Release();
            }
        }

        public void OnError(Exception error)
        {
        }

        public void OnCompleted()
        {
        }
    }
}
