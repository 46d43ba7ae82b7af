using VisionBanana.Edge.Messages;
using VisionBanana.Edge.Tests.Shared;

namespace VisionBanana.Edge.Mqtt.Tests;

public sealed class MqttListenerTests
{
    [Fact]
    public async Task Subscriber_ThatThrows_IsLoggedAndCounted_OthersAndTheNextMessageAreNotTouched()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        var log = new CollectedLog<MqttListener>();
        await using var listener = new MqttListener(Publishing.Options(broker.Port), log: log);
        var heard = Publishing.Keep(out Action<ReceivedMessage> onMessage);
        int threw = 0;
        using IDisposable bad = listener.Messages.Subscribe(_ =>
        {
            threw++;
            throw new InvalidOperationException("mine");
        });
        using IDisposable good = listener.Messages.Subscribe(onMessage);
        await listener.StartAsync(CancellationToken.None).WaitAsync(Publishing.Limit);
        await using MqttTransport transport = await Publishing.ConnectAsync(Publishing.Options(broker.Port));
        for (int i = 0; i < 3; i++)
        {
            await Publishing.SendAsync(transport, new SampleFrames(), i);
        }

        await Publishing.UntilAsync(() => heard.Count(m => m.Stream == "cloud") == 3, "three clouds");
        Assert.Equal(heard.Count, threw);
        Assert.Equal(threw, listener.FailedCount);
        Assert.Contains($"subscribers threw {threw} times", listener.State, StringComparison.Ordinal);
        Assert.Contains(log.Lines, line => line.StartsWith("Error: A subscriber threw on vb/v1/robot/front/", StringComparison.Ordinal));
    }
}
