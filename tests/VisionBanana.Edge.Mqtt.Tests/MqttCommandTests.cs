using System.Text.Json;
using VisionBanana.Edge.Pipeline;
using VisionBanana.Edge.Tests.Shared;

namespace VisionBanana.Edge.Mqtt.Tests;

/// <summary>Commands through a real Mosquitto, given by mosquitto_rr and mosquitto_pub.</summary>
public sealed class MqttCommandTests
{
    private const string Set = "vb/v1/robot/front/instructions/set", State = "vb/v1/robot/front/instructions", Command = "vb/v1/robot/front/command";

    [Fact]
    public async Task Set_JsonOrText_ReachesThePipelineIsAnsweredAndRetained()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        var pipeline = new RecordingHandler();
        await using MqttTransport transport = await ConnectAsync(broker, pipeline);
        Assert.Equal("""{"ok":true}""", await AskAsync(broker, Set, """["depth", {"ask": "labels", "every": 3}]"""));
        Assert.Equal("""{"ok":true}""", await AskAsync(broker, Set, "refer:the red mug"));
        Assert.Equal(["depth 1, labels 3", "refer:the red mug 1"], pipeline.Commands.Select(c => Text((SetInstructionsCommand)c)));

        using ExternalProcess late = broker.Subscribe("-t", State, "-F", "%r %C %p", "-C", "1");
        Assert.Equal(
            """1 application/json {"paused":false,"instructions":[{"ask":"refer:the red mug","every":1}]}""",
            await late.WaitForLineAsync(_ => true, Publishing.Limit));
    }

    [Fact]
    public async Task Command_PauseResumeFrame_ReachThePipelineInOrder()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        var pipeline = new RecordingHandler();
        await using MqttTransport transport = await ConnectAsync(broker, pipeline);
        foreach (string command in (string[])["pause", "frame", """{"command": "frame", "ask": "normals"}""", "resume"])
        {
            Assert.Equal("""{"ok":true}""", await AskAsync(broker, Command, command));
        }

        Assert.Equal([new PauseCommand(true), new FrameCommand(), new FrameCommand("normals"), new PauseCommand(false)], pipeline.Commands);
    }

    [Theory]
    [InlineData(Command, "stop", "'stop'")]
    [InlineData(Set, "[", "JSON")]
    [InlineData(Set, "nonsense", "refused: nonsense")]
    [InlineData(Set, "fault", "broken: fault")]
    public async Task Command_MalformedOrRefused_AnsweredWithTheReasonAndNothingChanges(string topic, string payload, string expected)
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        var pipeline = new RecordingHandler { Refuse = "nonsense", Break = "fault" };
        await using MqttTransport transport = await ConnectAsync(broker, pipeline);
        using JsonDocument answer = JsonDocument.Parse(await AskAsync(broker, topic, payload));
        Assert.False(answer.RootElement.GetProperty("ok").GetBoolean());
        Assert.Contains(expected, answer.RootElement.GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.Empty(pipeline.Commands);
    }

    [Fact]
    public async Task Set_TooLong_AnsweredFarTooLongNotDelivered_TheConnectionStays()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        var pipeline = new RecordingHandler();
        await using MqttTransport transport = await ConnectAsync(broker, pipeline);
        Assert.Contains("at most 65536 bytes", await AskAsync(broker, Set, new string('a', CommandPayload.MaxBytes + 1)), StringComparison.Ordinal);

        // The broker keeps what is larger than CONNECT allowed to itself.
        string file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, new string('a', (int)MqttCommands.MaximumPacketSize + 1));
        await broker.PublishAsync("-t", Set, "-f", file, "-q", "1");
        File.Delete(file);

        Assert.Equal("""{"ok":true}""", await AskAsync(broker, Command, "pause"));
        Assert.Equal([new PauseCommand(true)], pipeline.Commands);
        Assert.Contains("(connected", transport.State, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Command_AnswerOnATopicOfTheContract_Refused()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        var pipeline = new RecordingHandler();
        await using MqttTransport transport = await ConnectAsync(broker, pipeline);
        using ExternalProcess sub = broker.Subscribe("-t", "vb/v1/robot/front/depth", "-t", "end", "-F", "%t", "-C", "1");
        await broker.PublishAsync("-t", Command, "-m", "pause", "-D", "publish", "response-topic", "vb/v1/robot/front/depth");
        await Publishing.UntilAsync(() => pipeline.Commands.Count == 1, "the command");
        Assert.Equal("""{"ok":true}""", await AskAsync(broker, Command, "resume"));
        await broker.PublishAsync("-t", "end", "-m", "x", "-r");
        Assert.Equal("end", await sub.WaitForLineAsync(_ => true, Publishing.Limit));
    }

    [Fact]
    public async Task Command_RetainedByMistake_IsNotCarriedOutAgain()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        await broker.PublishAsync("-t", Command, "-m", "pause", "-r");
        var pipeline = new RecordingHandler();
        await using MqttTransport transport = await ConnectAsync(broker, pipeline);
        Assert.Equal("""{"ok":true}""", await AskAsync(broker, Command, "resume"));
        Assert.Equal([new PauseCommand(false)], pipeline.Commands);
    }

    [Fact]
    public async Task BrokerRestarted_CommandsAndStateComeBack()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        var pipeline = new RecordingHandler();
        await using MqttTransport transport = await ConnectAsync(broker, pipeline);
        broker.Kill();
        await Publishing.UntilAsync(() => !transport.State.Contains("(connected", StringComparison.Ordinal), "the loss");
        pipeline.Execute(new PauseCommand(true));
        await broker.StartAgainAsync();
        using ExternalProcess sub = broker.Subscribe("-t", State, "-F", "%p");
        await sub.WaitForLineAsync(line => line.Contains("\"paused\":true", StringComparison.Ordinal), Publishing.Limit);
        Assert.Equal("""{"ok":true}""", await AskAsync(broker, Command, "resume"));
        await sub.WaitForLineAsync(line => line.Contains("\"paused\":false", StringComparison.Ordinal), Publishing.Limit);
    }

    [Fact]
    public async Task Commands_TurnedOff_NobodyListens()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        var pipeline = new RecordingHandler();
        await using MqttTransport transport = await ConnectAsync(broker, pipeline, commands: false);
        await broker.PublishAsync("-t", Command, "-m", "pause", "-q", "1");
        using ExternalProcess sub = broker.Subscribe("-t", "vb/v1/robot/front/+", "-F", "%t", "-C", "1");
        Assert.EndsWith("/status", await sub.WaitForLineAsync(_ => true, Publishing.Limit), StringComparison.Ordinal);
        Assert.Empty(pipeline.Commands);
    }

    private static string Text(SetInstructionsCommand command) => string.Join(", ", command.Instructions.Select(i => $"{i.Ask} {i.Every}"));

    private static async Task<MqttTransport> ConnectAsync(Mosquitto broker, ICommandHandler pipeline, bool commands = true)
    {
        var transport = new MqttTransport(Publishing.Options(broker.Port) with { Commands = commands });
        transport.Attach(pipeline);
        await transport.StartAsync(CancellationToken.None).WaitAsync(Publishing.Limit);
        return transport;
    }

    /// <summary>Gives a command with a response topic and returns the answer, which must carry the correlation data.</summary>
    private static async Task<string> AskAsync(Mosquitto broker, string topic, string payload)
    {
        string? program = ExternalProcess.Find("mosquitto_rr");
        Assert.SkipWhen(program is null, "mosquitto_rr (Debian: mosquitto-clients) is not installed");
        string correlation = Guid.NewGuid().ToString("N");
        using var rr = new ExternalProcess(program,
        [
            "-V", "mqttv5", "-h", "127.0.0.1", "-p", $"{broker.Port}", "-t", topic, "-e", $"answers/{correlation}", "-q", "1", "-W", "20",
            "-D", "publish", "correlation-data", correlation, "-F", "%D|%C|%p", "-m", payload,
        ]);
        Assert.True(await rr.WaitAsync(Publishing.Limit) == 0, rr.Errors);
        string[] parts = Assert.Single(rr.Output).Split('|', 3);
        Assert.Equal((correlation, "application/json"), (parts[0], parts[1]));
        return parts[2];
    }
}
