using System.Collections.Concurrent;
using VisionBanana.Edge.Diagnostics;
using VisionBanana.Edge.Messages;
using VisionBanana.Edge.Pipeline;
using VisionBanana.Edge.Tests.Shared;

namespace VisionBanana.Edge.Mqtt.Tests;

/// <summary>What a lost connection keeps, loses and repeats, with a real Mosquitto.</summary>
public sealed class MqttSessionTests
{
    private const string Command = "vb/v1/robot/front/command", Status = "vb/v1/robot/front/status", State = "vb/v1/robot/front/instructions";

    [Fact]
    public async Task Unplugged_SessionKept_CommandGivenMeanwhileIsCarriedOutOnce_NoPictureComesTwice()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        using var cable = new TcpCut(broker.Port);
        var heard = Publishing.Keep(out Action<ReceivedMessage> onMessage);
        await using MqttListener listener = await Publishing.ListenAsync(Publishing.Options(broker.Port), onMessage);
        using ExternalProcess states = broker.Subscribe("-t", Status, "-t", State, "-F", "%t %p");
        var pipeline = new RecordingHandler();
        await using var transport = new MqttTransport(Publishing.Options(cable.Port));
        transport.Attach(pipeline);
        await transport.StartAsync(CancellationToken.None).WaitAsync(Publishing.Limit);
        var frames = new SampleFrames();
        long sequence = 0;
        await Publishing.UntilAsync(() => Delivered(transport, frames, sequence++, 0, heard), "pictures before");

        cable.Unplug();
        await Publishing.UntilAsync(() => !IsConnected(transport), "the loss");
        await broker.PublishAsync("-t", Command, "-m", "pause", "-q", "1");
        long away = sequence++, back = sequence;
        await Publishing.SendAsync(transport, frames, away);
        cable.Mend();

        await Publishing.UntilAsync(() => IsConnected(transport) && !pipeline.Commands.IsEmpty, "the return");
        await states.WaitForLineAsync(line => line.Contains("\"paused\":true", StringComparison.Ordinal), Publishing.Limit);
        await Publishing.UntilAsync(() => Delivered(transport, frames, sequence++, back, heard), "pictures after");
        Assert.Equal([new PauseCommand(true)], pipeline.Commands);
        Assert.Equal(["online", "offline", "online"], states.Output.Where(
            line => line.StartsWith(Status + " ", StringComparison.Ordinal)).Select(line => line.Split('"')[3]));
        RequireOnce(heard);
        Assert.DoesNotContain(Pictures(heard), message => message.Sequence == away);
    }

    [Fact]
    public async Task BrokerKilledInMidStream_WithPersistence_EveryPictureComesOnce()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync(
            "allow_anonymous true", "persistence true", "autosave_on_changes true", "autosave_interval 1");
        var heard = Publishing.Keep(out Action<ReceivedMessage> onMessage);
        await using MqttListener listener = await Publishing.ListenAsync(Publishing.Options(broker.Port), onMessage);
        await using MqttTransport transport = await Publishing.ConnectAsync(Publishing.Options(broker.Port));
        var frames = new SampleFrames();
        long sequence = 0;
        for (int restart = 0; restart < 2; restart++)
        {
            await Publishing.UntilAsync(() => Delivered(transport, frames, sequence++, 0, heard), "pictures before");
            Task killed = Task.Run(broker.Kill);
            do
            {
                await Publishing.SendAsync(transport, frames, sequence++);
            }
            while (!killed.IsCompleted || IsConnected(transport));

            await broker.StartAgainAsync();
            await Publishing.UntilAsync(() => IsConnected(transport) && listener.State.Contains("(connected", StringComparison.Ordinal), "the return of both");
            long back = sequence;
            await Publishing.UntilAsync(() => Delivered(transport, frames, sequence++, back, heard), "pictures after");
        }

        RequireOnce(heard);
    }

    /// <summary>Published with the connection it would end it, again and again.</summary>
    [Fact]
    public async Task Unplugged_StateThatTheBrokerDoesNotTake_IsLeftOutAndTheConnectionComesBack()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync("allow_anonymous true", "max_packet_size 500");
        using var cable = new TcpCut(broker.Port);
        await using MqttTransport transport = await Publishing.ConnectAsync(Publishing.Options(cable.Port));
        var frames = new SampleFrames();
        Dictionary<string, DropReason?> results = await Publishing.SendAsync(transport, frames, 0);
        Assert.Equal((DropReason.TooLargeForBroker, null), (results["camera_info"], results["label_info"]));

        cable.Unplug();
        await Publishing.UntilAsync(() => !IsConnected(transport), "the loss");
        cable.Mend();
        await Publishing.UntilAsync(() => IsConnected(transport), "the return");
        results = await Publishing.SendAsync(transport, frames, 1);
        Assert.Equal((DropReason.TooLargeForBroker, null), (results["camera_info"], results["label_info"]));
        Assert.True(IsConnected(transport), transport.State);
    }

    [Fact]
    public async Task SessionExpiryZero_CommandGivenMeanwhileIsLost()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        using var cable = new TcpCut(broker.Port);
        var pipeline = new RecordingHandler();
        await using var transport = new MqttTransport(Publishing.Options(cable.Port) with { SessionExpiry = TimeSpan.Zero });
        transport.Attach(pipeline);
        await transport.StartAsync(CancellationToken.None).WaitAsync(Publishing.Limit);
        cable.Unplug();
        await Publishing.UntilAsync(() => !IsConnected(transport), "the loss");
        await broker.PublishAsync("-t", Command, "-m", "pause", "-q", "1");
        cable.Mend();
        await Publishing.UntilAsync(() => IsConnected(transport), "the return");
        await Publishing.UntilAsync(
            () =>
            {
                broker.PublishAsync("-t", Command, "-m", "resume", "-q", "1").GetAwaiter().GetResult();
                return !pipeline.Commands.IsEmpty;
            },
            "a command after the return");
        Assert.All(pipeline.Commands, command => Assert.Equal(new PauseCommand(false), command));
    }

    [Fact]
    public async Task NewProcess_CommandsForTheOneBeforeAreNotCarriedOut()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        using var cable = new TcpCut(broker.Port);
        await using var before = new MqttTransport(Publishing.Options(cable.Port));
        before.Attach(new RecordingHandler());
        await before.StartAsync(CancellationToken.None).WaitAsync(Publishing.Limit);
        cable.Unplug();
        await Publishing.UntilAsync(() => !IsConnected(before), "the loss");
        await broker.PublishAsync("-t", Command, "-m", "pause", "-q", "1");

        var pipeline = new RecordingHandler();
        await using var after = new MqttTransport(Publishing.Options(broker.Port));
        after.Attach(pipeline);
        await after.StartAsync(CancellationToken.None).WaitAsync(Publishing.Limit);
        await broker.PublishAsync("-t", Command, "-m", "resume", "-q", "1");
        await Publishing.UntilAsync(() => !pipeline.Commands.IsEmpty, "the command for the new one");
        Assert.Equal([new PauseCommand(false)], pipeline.Commands);
    }

    private static bool IsConnected(MqttTransport transport) => transport.State.Contains("(connected", StringComparison.Ordinal);

    /// <summary>Sends one picture; true once the listener heard the cloud of picture <paramref name="from"/> or a later one.</summary>
    private static bool Delivered(MqttTransport transport, SampleFrames frames, long sequence, long from, ConcurrentQueue<Publishing.Heard> heard)
    {
        Publishing.SendAsync(transport, frames, sequence).GetAwaiter().GetResult();
        return heard.Any(message => message.Stream == "cloud" && message.Sequence >= from);
    }

    private static IEnumerable<Publishing.Heard> Pictures(ConcurrentQueue<Publishing.Heard> heard) =>
        heard.Where(message => message.Stream is "cloud" or "depth" or "labels" or "normals");

    private static void RequireOnce(ConcurrentQueue<Publishing.Heard> heard) =>
        Assert.All(Pictures(heard).GroupBy(message => (message.Topic, message.Sequence)), group => Assert.Single(group));
}
