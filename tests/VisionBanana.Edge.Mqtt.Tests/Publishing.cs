using System.Collections.Concurrent;
using VisionBanana.Edge.Diagnostics;
using VisionBanana.Edge.Messages;
using VisionBanana.Edge.Tests.Shared;

namespace VisionBanana.Edge.Mqtt.Tests;

/// <summary>What several tests do with a transport.</summary>
internal static class Publishing
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    public static MqttOptions Options(int port) => new()
    {
        Port = port,
        Device = "robot",
        Camera = "front",
        MinimumBackOff = TimeSpan.FromMilliseconds(50),
        MaximumBackOff = TimeSpan.FromMilliseconds(400),
    };

    public static async Task<MqttTransport> ConnectAsync(MqttOptions options)
    {
        var transport = new MqttTransport(options);
        await transport.StartAsync(CancellationToken.None).WaitAsync(Limit);
        return transport;
    }

    /// <summary>Sends one picture's messages; the result of each by stream.</summary>
    public static async Task<Dictionary<string, DropReason?>> SendAsync(MqttTransport transport, SampleFrames frames, long sequence)
    {
        using EncodedFrame encoded = frames.Encode(sequence);
        var results = new Dictionary<string, DropReason?>();
        foreach (WireMessage message in encoded.Messages)
        {
            results.Add(message.Stream, await transport.SendAsync(message, CancellationToken.None).AsTask().WaitAsync(Limit));
        }

        return results;
    }

    public static async Task<MqttListener> ListenAsync(MqttOptions options, Action<ReceivedMessage> onMessage)
    {
        var listener = new MqttListener(options);
        listener.Messages.Subscribe(onMessage);
        await listener.StartAsync(CancellationToken.None).WaitAsync(Limit);
        return listener;
    }

    public static async Task UntilAsync(Func<bool> done, string what)
    {
        using var limit = new CancellationTokenSource(Limit);
        while (!done())
        {
            Assert.False(limit.IsCancellationRequested, $"it did not happen in time: {what}");
            await Task.Delay(10);
        }
    }

    /// <summary>Everything heard, checked while the payload was valid.</summary>
    public static ConcurrentQueue<Heard> Keep(out Action<ReceivedMessage> onMessage)
    {
        var heard = new ConcurrentQueue<Heard>();
        onMessage = m => heard.Enqueue(new Heard(m.Topic, m.Message.SequenceNumber, m.Message.IsState, m.Message.Payload.Length, m.WhyMalformed()));
        return heard;
    }

    internal sealed record Heard(string Topic, long Sequence, bool Retained, int Bytes, string? Malformed)
    {
        public string Stream => WireTopics.TryGetStream(Topic, out string? stream) ? stream : "";
    }
}
