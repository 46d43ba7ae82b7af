using VisionBanana.Edge.Tests.Shared;

namespace VisionBanana.Edge.Mqtt.Tests;

/// <summary>What stays at a broker, with a real Mosquitto.</summary>
public sealed class MqttRetainedStateTests
{
    private const string Old = "vb/v1/robot/front/tf_static", Zone = "vb/v1/robot/front/zones/left";
    private const string Discovery = "homeassistant/camera/vb_robot_front/preview/config";

    private static readonly string[] Left =
        ["vb/v1/robot/front/camera_info", "vb/v1/robot/front/label_info", "vb/v1/robot/front/status", "vb/v1/robot/rear/tf_static"];

    [Fact]
    public async Task Run_StateOfAnEarlierOneThatIsNoLongerTrue_IsClearedAtTheEnd()
    {
        await using Mosquitto broker = await WithOldStateAsync();
        await using (MqttTransport transport = await Publishing.ConnectAsync(Publishing.Options(broker.Port)))
        {
            await Publishing.SendAsync(transport, new SampleFrames(), 1);
        }

        Assert.Equal(Left, await RetainedAsync(broker));
    }

    [Fact]
    public async Task Run_StateOfAnEarlierOneThatIsNoLongerTrue_IsClearedWhileItRuns()
    {
        await using Mosquitto broker = await WithOldStateAsync();
        var clock = new ShiftedClock();
        await using var transport = new MqttTransport(Publishing.Options(broker.Port), clock: clock);
        await transport.StartAsync(CancellationToken.None).WaitAsync(Publishing.Limit);
        await Publishing.SendAsync(transport, new SampleFrames(), 1);
        await Task.Delay(200);
        Assert.Contains(Old, await RetainedAsync(broker));
        clock.Shift = StaleState.Patience;
        await Publishing.SendAsync(transport, new SampleFrames(), 2);
        Assert.Equal(Left, await RetainedAsync(broker));
    }

    [Fact]
    public async Task Run_WithoutAPicture_ClearsNoStateOfTheCamera()
    {
        await using Mosquitto broker = await WithOldStateAsync();
        await using (await Publishing.ConnectAsync(Publishing.Options(broker.Port)))
        {
        }

        string[] left = await RetainedAsync(broker);
        Assert.Contains(Old, left);
        Assert.DoesNotContain(Discovery, left);
    }

    [Fact]
    public async Task Forget_ADevice_ClearsWhatIsItsAlone()
    {
        await using Mosquitto broker = await WithOldStateAsync();
        await broker.PublishAsync("-r", "-t", "vb/v1/robot/front/status", "-m", """{"status":"online"}""");
        await broker.PublishAsync("-r", "-t", "homeassistant/camera/vb_other_front/preview/config", "-m", """{"topic":"vb/v1/other/front/preview"}""");
        MqttOptions options = new() { Port = broker.Port };

        IReadOnlyList<RetainedTopic> found = await RetainedState.FindAsync(options, "robot", "front", CancellationToken.None);
        Assert.Equal([Discovery, "vb/v1/robot/front/status", Old, Zone], found.Select(t => t.Topic));
        Assert.Equal("vb/v1/robot/front/status", Assert.Single(found, t => t.IsOnline).Topic);
        Assert.Equal(5, (await RetainedState.FindAsync(options, "robot", null, CancellationToken.None)).Count);

        Assert.Empty(await RetainedState.ClearAsync(options, found.Select(t => t.Topic), CancellationToken.None));
        string[] left = await RetainedAsync(broker);
        Assert.Equal(["homeassistant/camera/vb_other_front/preview/config", "vb/v1/robot/rear/tf_static"], left);
        Assert.Empty(await RetainedState.FindAsync(options, "robot", "front", CancellationToken.None));
    }

    private static async Task<Mosquitto> WithOldStateAsync()
    {
        Mosquitto broker = await Mosquitto.StartAsync();
        await broker.PublishAsync("-r", "-t", Old, "-m", "an old mount");
        await broker.PublishAsync("-r", "-t", Zone, "-m", "free");
        await broker.PublishAsync("-r", "-t", "vb/v1/robot/rear/tf_static", "-m", "another camera's");
        await broker.PublishAsync("-r", "-t", Discovery, "-m", """{"topic":"vb/v1/robot/front/preview"}""");
        return broker;
    }

    private static async Task<string[]> RetainedAsync(Mosquitto broker)
    {
        using ExternalProcess sub = broker.Subscribe("-t", "#", "--retained-only", "-F", "%t", "-W", "1");
        await sub.WaitAsync(Publishing.Limit);
        return [.. sub.Output.Order(StringComparer.Ordinal)];
    }

    private sealed class ShiftedClock : TimeProvider
    {
        public TimeSpan Shift { get; set; }

        public override long GetTimestamp() => base.GetTimestamp() + (long)(Shift.TotalSeconds * TimestampFrequency);
    }
}
