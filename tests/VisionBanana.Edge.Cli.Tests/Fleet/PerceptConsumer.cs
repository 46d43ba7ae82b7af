using System.Buffers;
using System.Collections.Concurrent;
using System.Text;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;
using VisionBanana.Edge.Messages;

namespace VisionBanana.Edge.Cli.Tests.Fleet;

/// <summary>A consumer of percepts with a client that is not ours: what it hears, with everything that MQTT says about it.</summary>
internal sealed class PerceptConsumer : IAsyncDisposable
{
    private readonly IMqttClient _client = new MqttClientFactory().CreateMqttClient();

    public ConcurrentQueue<Heard> Messages { get; } = new();

    /// <summary>Pictures of a camera that a stream gave, in the order of their arrival.</summary>
    public long[] Numbers(string device, string stream) => [.. Messages.Where(m => m.Topic == $"vb/v1/{device}/room/{stream}").Select(m => m.Number)];

    public static async Task<PerceptConsumer> ConnectAsync(int port, string filter = "vb/v1/#")
    {
        var consumer = new PerceptConsumer();
        consumer._client.ApplicationMessageReceivedAsync += args =>
        {
            consumer.Messages.Enqueue(Heard.Of(args.ApplicationMessage));
            return Task.CompletedTask;
        };
        MqttClientOptions options = new MqttClientOptionsBuilder()
            .WithTcpServer("127.0.0.1", port).WithProtocolVersion(MqttProtocolVersion.V500).Build();
        ((MqttClientTcpOptions)options.ChannelOptions).BufferSize = 1 << 20;
        await consumer._client.ConnectAsync(options);
        await consumer._client.SubscribeAsync(new MqttClientSubscribeOptionsBuilder().WithTopicFilter(filter, MqttQualityOfServiceLevel.AtLeastOnce).Build());
        return consumer;
    }

    public async Task UntilAsync(Func<PerceptConsumer, bool> done, string what)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!done(this))
        {
            Assert.False(limit.IsCancellationRequested, $"it did not happen in time: {what}; heard {Messages.Count} messages");
            await Task.Delay(20);
        }
    }

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>One message; stamps and what follows from them left out.</summary>
    internal sealed record Heard(string Topic, long Number, string Form, string Content)
    {
        // Encapsulation and the stamp of the header.
        private const int Stamp = 4 + 8;

        public static Heard Of(MqttApplicationMessage message)
        {
            Dictionary<string, string> properties = (message.UserProperties ?? []).ToDictionary(p => p.Name, Value);
            long number = properties.TryGetValue("seq", out string? text) ? long.Parse(text, System.Globalization.CultureInfo.InvariantCulture) : -1;
            string form = $"{message.ContentType} qos {(int)message.QualityOfServiceLevel} retain {message.Retain} expiry {message.MessageExpiryInterval} "
                + string.Join(' ', properties.Where(p => p.Key != "captured_ns").Select(p => $"{p.Key}={p.Value}"));
            byte[] payload = message.Payload.ToArray();
            bool isStatic = message.Topic.EndsWith(Streams.TfStatic, StringComparison.Ordinal);
            byte[] content = payload.Length > Stamp && message.ContentType?.Contains("cdr", StringComparison.Ordinal) == true
                ? payload[(isStatic ? Stamp + 4 : Stamp)..] : payload;
            return new Heard(message.Topic, number, form, Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(content)));
        }

        private static string Value(MqttUserProperty property) => Encoding.UTF8.GetString(property.ValueBuffer.Span);
    }
}
