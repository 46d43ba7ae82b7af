using System.Diagnostics;
using MQTTnet;
using MQTTnet.Protocol;
using VisionBanana.Edge.Messages;
using VisionBanana.Edge.Tests.Shared;

namespace VisionBanana.Edge.Mqtt.Tests;

/// <summary>What clients of the embedded broker cannot make it pay.</summary>
public sealed class EmbeddedBrokerLimitTests
{
    // CONNECT, 256 MiB less one byte, and the beginning of what may follow.
    private static readonly byte[] HugeConnect = [0x10, 0xFF, 0xFF, 0xFF, 0x7F, 0, 4, (byte)'M', (byte)'Q', (byte)'T', (byte)'T'];

    [Fact]
    public async Task Connect_HundredThatClaim256MiB_AreCutBeforeMemoryIsTaken()
    {
        await using Running broker = await Running.StartAsync();
        long before = GC.GetTotalAllocatedBytes();
        var claims = new List<RawClient>();
        for (int i = 0; i < 100; i++)
        {
            RawClient raw = await RawClient.OpenAsync(broker.Port);
            claims.Add(raw);
            await raw.SendAsync(HugeConnect);
        }

        await Task.WhenAll(claims.Select(c => c.ClosedAsync()));
        claims.ForEach(c => c.Dispose());

        // One claim alone would be 256 MiB; tests beside this one allocate too.
        Assert.True(GC.GetTotalAllocatedBytes() - before < 200 << 20);
        await using MqttTransport honest = await Publishing.ConnectAsync(Publishing.Options(broker.Port));
    }

    [Theory]
    [InlineData(0x30, 0x02)]
    [InlineData(0x82, 0x05)]
    [InlineData(0xC0, 0x00)]
    [InlineData(0x10, 0x80)]
    public async Task Connect_AnythingElseFirst_IsCut(byte type, byte length)
    {
        await using Running broker = await Running.StartAsync();
        using RawClient raw = await RawClient.OpenAsync(broker.Port);
        await raw.SendAsync([type, length, 0x80, 0x80, 0x80, 0x80, 1, 2, 3]);
        await raw.ClosedAsync();
    }

    [Fact]
    public async Task Connect_SixtyThatNeverSpeak_AnHonestClientGetsIn()
    {
        await using Running broker = await Running.StartAsync(
            o => o with { Limits = o.Limits with { MaxHalfOpen = 8, ConnectTimeout = TimeSpan.FromMinutes(5) } });
        var silent = new List<RawClient>();
        for (int i = 0; i < 60; i++)
        {
            silent.Add(await RawClient.OpenAsync(broker.Port));
            await silent[^1].SendAsync(HugeConnect[..1]);
        }

        await using MqttTransport honest = await Publishing.ConnectAsync(Publishing.Options(broker.Port));
        Assert.True(broker.Broker.CutClients >= 52, $"{broker.Broker.CutClients}");
        silent.ForEach(s => s.Dispose());
    }

    [Fact]
    public async Task Connect_NeverSpeaks_IsCutInTime()
    {
        await using Running broker = await Running.StartAsync(o => o with { Limits = o.Limits with { ConnectTimeout = TimeSpan.FromMilliseconds(300) } });
        using RawClient silent = await RawClient.OpenAsync(broker.Port);
        await silent.ClosedAsync();
    }

    [Fact]
    public async Task Packet_BegunAndNeverFinished_IsCutInTime()
    {
        await using Running broker = await Running.StartAsync(o => o with { Limits = o.Limits with { PacketTimeout = TimeSpan.FromMilliseconds(300) } });
        using RawClient slow = await RawClient.ConnectAsync(broker.Port, "slow");
        await slow.SendAsync([0x30, 0x20, 0]);
        await slow.ClosedAsync();
        Assert.Equal(1, broker.Broker.CutClients);
    }

    [Fact]
    public async Task Connect_MoreThanMayBe_RefusedAndSaid()
    {
        await using Running broker = await Running.StartAsync(o => o with { Limits = o.Limits with { MaxConnections = 3 } });
        using RawClient one = await RawClient.ConnectAsync(broker.Port, "1"), two = await RawClient.ConnectAsync(broker.Port, "2");
        await using MqttTransport own = await broker.OwnAsync();
        using RawClient three = await RawClient.ConnectAsync(broker.Port, "3");
        using IMqttClient four = new MqttClientFactory().CreateMqttClient();
        MqttClientConnectResult result = await four.ConnectAsync(Client(broker.Port, "4").Build());
        Assert.Equal(MqttClientConnectResultCode.QuotaExceeded, result.ResultCode);
    }

    [Fact]
    public async Task Subscribe_AHundredThousandTopics_OnlyTheFirstAreTaken()
    {
        await using Running broker = await Running.StartAsync();
        using IMqttClient client = await ConnectAsync(broker.Port, "greedy");
        int granted = 0;
        for (int i = 0; i < 100; i++)
        {
            var options = new MqttClientSubscribeOptionsBuilder();
            for (int j = 0; j < 1000; j++)
            {
                options.WithTopicFilter($"t/{i}/{j}/+");
            }

            MqttClientSubscribeResult result = await client.SubscribeAsync(options.Build());
            granted += result.Items.Count(item => item.ResultCode == MqttClientSubscribeResultCode.GrantedQoS0);
            Assert.All(
                result.Items, item => Assert.True(item.ResultCode is MqttClientSubscribeResultCode.GrantedQoS0 or MqttClientSubscribeResultCode.QuotaExceeded));
        }

        Assert.Equal(new EmbeddedBrokerLimits().MaxSubscriptions, granted);
        await client.UnsubscribeAsync("t/0/0/+");
        Assert.Equal(MqttClientSubscribeResultCode.GrantedQoS0, (await client.SubscribeAsync("another")).Items.Single().ResultCode);
    }

    [Fact]
    public async Task Publish_LargerThanAllowed_IsCut_AndTheLimitWasTold()
    {
        await using Running broker = await Running.StartAsync(o => o with { Limits = o.Limits with { MaxPacketBytes = 100_000 } });
        using IMqttClient client = await ConnectAsync(broker.Port, "large");
        var gone = new TaskCompletionSource();
        client.DisconnectedAsync += _ =>
        {
            gone.TrySetResult();
            return Task.CompletedTask;
        };
        Assert.True((await client.PublishAsync(Message("t", 90_000))).IsSuccess);
        _ = client.PublishAsync(Message("t", 200_000)).ContinueWith(_ => { }, TaskScheduler.Default);
        await gone.Task.WaitAsync(Publishing.Limit);

        // A publisher that listens to CONNACK stays.
        await using MqttTransport guest = await Publishing.ConnectAsync(Publishing.Options(broker.Port));
        Assert.Contains("packets up to 100000 bytes", guest.State, StringComparison.Ordinal);
        await using MqttTransport own = await broker.OwnAsync("own");
        Assert.DoesNotContain("packets up to", own.State, StringComparison.Ordinal);
        Assert.All(await Publishing.SendAsync(own, new SampleFrames(160, 120), 1), r => Assert.Null(r.Value));
    }

    [Fact]
    public async Task Retain_MoreThanAllowed_Refused_ThePipelinesStateIsTaken()
    {
        await using Running broker = await Running.StartAsync(o => o with { Limits = o.Limits with { MaxRetainedMessages = 2, MaxRetainedBytes = 1000 } });
        using IMqttClient client = await ConnectAsync(broker.Port, "keeper");
        Assert.Equal(MqttClientPublishReasonCode.QuotaExceeded, (await client.PublishAsync(Message("a", 2000, retain: true))).ReasonCode);
        Assert.True((await client.PublishAsync(Message("a", 10, retain: true))).IsSuccess);
        Assert.True((await client.PublishAsync(Message("b", 10, retain: true))).IsSuccess);
        Assert.Equal(MqttClientPublishReasonCode.QuotaExceeded, (await client.PublishAsync(Message("c", 10, retain: true))).ReasonCode);
        Assert.True((await client.PublishAsync(Message("a", 0, retain: true))).IsSuccess);
        Assert.True((await client.PublishAsync(Message("c", 10, retain: true))).IsSuccess);

        await using MqttTransport own = await broker.OwnAsync();
        Assert.All(await Publishing.SendAsync(own, new SampleFrames(), 1), r => Assert.Null(r.Value));
        var heard = Publishing.Keep(out Action<ReceivedMessage> onMessage);
        await using MqttListener late = await Publishing.ListenAsync(Publishing.Options(broker.Port), onMessage);
        await Publishing.UntilAsync(() => heard.Count >= 3, "retained state and status");
    }

    [Fact]
    public async Task Publish_MoreTopicAliasesThanAllowed_IsCut()
    {
        await using Running broker = await Running.StartAsync();
        using RawClient client = await RawClient.ConnectAsync(broker.Port, "alias");

        // PUBLISH to "t" with the topic alias 17.
        await client.SendAsync([0x30, 7, 0, 1, (byte)'t', 3, 0x23, 0, 17]);
        await client.ClosedAsync();
    }

    [Fact]
    public async Task Subscriber_ThatReadsNothing_LosesItsPlaceWhenTooMuchWaits_OthersDoNot()
    {
        await using Running broker = await Running.StartAsync(o => o with { PendingMessages = 1000, Limits = o.Limits with { MaxQueuedBytes = 8 << 20 } });
        var heard = Publishing.Keep(out Action<ReceivedMessage> onMessage);
        await using MqttListener honest = await Publishing.ListenAsync(Publishing.Options(broker.Port), onMessage);
        using RawClient stuck = await RawClient.ConnectAsync(broker.Port, "stuck");
        await stuck.SubscribeAsync("vb/#");
        await using MqttTransport own = await broker.OwnAsync();
        var frames = new SampleFrames(320, 240);
        long sequence = 0;
        await Publishing.UntilAsync(
            () =>
            {
                Publishing.SendAsync(own, frames, sequence++).GetAwaiter().GetResult();
                int sent = (int)sequence;
                Publishing.UntilAsync(() => heard.Count(m => m.Stream == "cloud") == sent, "the honest one hears it").GetAwaiter().GetResult();
                return broker.Broker.CutClients == 1;
            },
            "the stuck one is cut");
        Assert.Contains(broker.Log.Lines, line => line.Contains(
            "cut stuck at 127.0.0.1", StringComparison.Ordinal) && line.Contains("reads too slowly", StringComparison.Ordinal));
        Assert.All(heard, m => Assert.Null(m.Malformed));
    }

    [Fact]
    public async Task Dispose_ASubscriberThatStoppedReading_IsCutAndNamedInTime()
    {
        Running broker = await Running.StartAsync();
        using RawClient stuck = await RawClient.ConnectAsync(broker.Port, "stuck");
        await stuck.SubscribeAsync("#");
        MqttTransport own = await broker.OwnAsync();
        var frames = new SampleFrames(320, 240);
        long sequence = 0;
        await Publishing.UntilAsync(
            () =>
            {
                Publishing.SendAsync(own, frames, sequence++).GetAwaiter().GetResult();
                return broker.Broker.DroppedForSlowSubscribers > 0;
            },
            "its queue is full");
        long start = Stopwatch.GetTimestamp();
        await own.DisposeAsync().AsTask().WaitAsync(Publishing.Limit);
        await broker.DisposeAsync().AsTask().WaitAsync(Publishing.Limit);
        Assert.True(Stopwatch.GetElapsedTime(start) < Publishing.Limit);
        Assert.Contains(broker.Log.Lines, line => line.Contains("cut stuck at 127.0.0.1", StringComparison.Ordinal));
    }

    /// <summary>Packets of every type with random bytes flipped, cut off and repeated, before and after CONNECT; seeds are fixed.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Rubbish_EndsItsOwnConnectionAtMost(bool connected)
    {
        await using Running broker = await Running.StartAsync(
            o => o with { Limits = o.Limits with { PacketTimeout = TimeSpan.FromMilliseconds(200), ConnectTimeout = TimeSpan.FromMilliseconds(200) } });
        await using MqttTransport own = await broker.OwnAsync();
        byte[][] packets =
        [
            [0x10, 14, 0, 4, .. "MQTT"u8, 5, 2, 0, 60, 0, 0, 1, (byte)'x'], [0x30, 5, 0, 1, (byte)'t', 0, 7], [0x32, 7, 0, 1, (byte)'t', 0, 1, 0, 7],
            [0x34, 7, 0, 1, (byte)'t', 0, 2, 0, 7], [0x40, 2, 0, 1], [0x50, 2, 0, 1], [0x62, 2, 0, 1], [0x70, 2, 0, 1], [0x82, 7, 0, 1, 0, 0, 1, (byte)'#', 0],
            [0xA2, 6, 0, 1, 0, 0, 1, (byte)'#'], [0xC0, 0], [0xE0, 0], [0xF0, 2, 0, 0],
        ];
        var random = new Random(17);
        for (int i = 0; i < 300; i++)
        {
            using RawClient raw = connected ? await RawClient.ConnectAsync(broker.Port, $"fuzz{i}") : await RawClient.OpenAsync(broker.Port);
            for (int j = random.Next(1, 6); j > 0; j--)
            {
                byte[] packet = [.. packets[random.Next(packets.Length)]];
                for (int k = random.Next(4); k > 0; k--)
                {
                    packet[random.Next(packet.Length)] = (byte)random.Next(256);
                }

                await raw.SendAsync(packet[..random.Next(1, packet.Length + 1)]);
            }
        }

        Assert.All(await Publishing.SendAsync(own, new SampleFrames(), 1), r => Assert.Null(r.Value));
        await using MqttTransport honest = await Publishing.ConnectAsync(Publishing.Options(broker.Port) with { Camera = "rear" });
    }

    internal static MqttClientOptionsBuilder Client(int port, string id) =>
        new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", port).WithClientId(id).WithProtocolVersion(MQTTnet.Formatter.MqttProtocolVersion.V500);

    internal static async Task<IMqttClient> ConnectAsync(int port, string id)
    {
        IMqttClient client = new MqttClientFactory().CreateMqttClient();
        MqttClientConnectResult result = await client.ConnectAsync(Client(port, id).Build()).WaitAsync(Publishing.Limit);
        Assert.Equal(MqttClientConnectResultCode.Success, result.ResultCode);
        return client;
    }

    internal static MqttApplicationMessage Message(string topic, int bytes, bool retain = false) => new MqttApplicationMessageBuilder()
        .WithTopic(topic).WithPayload(new byte[bytes]).WithRetainFlag(retain).WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce).Build();

    /// <summary>A broker that runs, and what it logged.</summary>
    internal sealed class Running : IAsyncDisposable
    {
        private Running(EmbeddedBroker broker, CollectedLog<EmbeddedBroker> log, int port) => (Broker, Log, Port) = (broker, log, port);

        public EmbeddedBroker Broker { get; }

        public CollectedLog<EmbeddedBroker> Log { get; }

        public int Port { get; }

        public static async Task<Running> StartAsync(Func<EmbeddedBrokerOptions, EmbeddedBrokerOptions>? change = null)
        {
            var options = new EmbeddedBrokerOptions { Port = Ports.Free() };
            var log = new CollectedLog<EmbeddedBroker>();
            var broker = new EmbeddedBroker(change?.Invoke(options) ?? options, log);
            await broker.StartAsync();
            return new Running(broker, log, options.Port);
        }

        /// <summary>The pipeline of this process.</summary>
        public async Task<MqttTransport> OwnAsync(string camera = "front")
        {
            var transport = new MqttTransport(Publishing.Options(Port) with { Camera = camera }, Broker);
            await transport.StartAsync(CancellationToken.None).WaitAsync(Publishing.Limit);
            return transport;
        }

        public ValueTask DisposeAsync() => Broker.DisposeAsync();
    }
}
