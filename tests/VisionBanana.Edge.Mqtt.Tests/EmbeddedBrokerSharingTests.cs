using VisionBanana.Edge.Messages;
using VisionBanana.Edge.Tests.Shared;
using Running = VisionBanana.Edge.Mqtt.Tests.EmbeddedBrokerLimitTests.Running;

namespace VisionBanana.Edge.Mqtt.Tests;

/// <summary>Messages that are handed to the embedded broker directly. Alone: memory of the whole process is measured.</summary>
[Collection(nameof(EmbeddedBrokerSharingTests))]
[CollectionDefinition(nameof(EmbeddedBrokerSharingTests), DisableParallelization = true)]
public sealed class EmbeddedBrokerSharingTests
{
    [Fact]
    public async Task Publish_ToTwoThatRead_AllocatesAFractionOfThePicture()
    {
        const int pictures = 50;
        await using Running broker = await Running.StartAsync(o => o with { PendingMessages = 1000 });
        using RawClient one = await RawClient.ConnectAsync(broker.Port, "one"), two = await RawClient.ConnectAsync(broker.Port, "two");
        long read = 0;
        foreach (RawClient client in (RawClient[])[one, two])
        {
            await client.SubscribeAsync("vb/v1/#");
            _ = client.ReadAsync(bytes => Interlocked.Add(ref read, bytes));
        }

        await using MqttTransport own = await broker.OwnAsync();
        var frames = new SampleFrames(320, 240);
        long size;
        using (EncodedFrame encoded = frames.Encode(0))
        {
            size = encoded.Messages.Where(m => !m.IsState).Sum(m => (long)m.Payload.Length);
        }

        async Task SendAsync(int from, int count)
        {
            long expected = Interlocked.Read(ref read) + (2 * count * size);
            for (int i = from; i < from + count; i++)
            {
                await Publishing.SendAsync(own, frames, i);
                int done = i - from + 1;
                await Publishing.UntilAsync(() => Interlocked.Read(ref read) >= expected - (2 * (count - done) * size), "both have read it");
            }
        }

        await SendAsync(1, 10);
        long before = GC.GetTotalAllocatedBytes(precise: true);
        await SendAsync(100, pictures);
        long each = (GC.GetTotalAllocatedBytes(precise: true) - before) / pictures;
        Assert.True(size > 2_000_000 && each <= 100_000, $"{each} bytes for a picture of {size}");
    }

    /// <summary>Buffers are used again as soon as the last subscriber is done with them: none may be before.</summary>
    [Fact]
    public async Task Publish_ToFastAndSlowAndStuckSubscribers_EveryMessageIsWhole()
    {
        await using Running broker = await Running.StartAsync(o => o with { PendingMessages = 8 });
        var fast = Publishing.Keep(out Action<ReceivedMessage> onFast);
        var slow = Publishing.Keep(out Action<ReceivedMessage> onSlow);
        await using MqttListener first = await Publishing.ListenAsync(Publishing.Options(broker.Port), onFast);
        await using MqttListener second = await Publishing.ListenAsync(Publishing.Options(broker.Port), m =>
        {
            onSlow(m);
            Task.Delay(10).GetAwaiter().GetResult();
        });
        using RawClient stuck = await RawClient.ConnectAsync(broker.Port, "stuck");
        await stuck.SubscribeAsync("vb/#");
        await using MqttTransport own = await broker.OwnAsync();
        var frames = new SampleFrames(160, 120);
        for (int i = 0; i < 100; i++)
        {
            await Publishing.SendAsync(own, frames, i);
            int sent = i + 1;
            await Publishing.UntilAsync(() => fast.Count(m => m.Stream == "cloud") == sent, "the fast one hears it");
        }

        Assert.True(slow.Count > 20 && broker.Broker.DroppedForSlowSubscribers > 0, $"{slow.Count} heard, {broker.Broker.DroppedForSlowSubscribers} lost");
        Assert.All(fast.Concat(slow), m => Assert.Null(m.Malformed));
    }
}
