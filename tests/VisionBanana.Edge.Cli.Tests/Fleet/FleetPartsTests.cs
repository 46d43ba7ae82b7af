using System.Buffers;
using MQTTnet;
using MQTTnet.Formatter;
using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Cli.Bench;
using VisionBanana.Edge.Cli.Doctor;
using VisionBanana.Edge.Cli.Fleet;
using VisionBanana.Edge.Cli.Pipelines;
using VisionBanana.Edge.Configuration;
using VisionBanana.Edge.Diagnostics;
using VisionBanana.Edge.Hosting.Configuration;
using VisionBanana.Edge.KServe;
using VisionBanana.Edge.Messages;
using VisionBanana.Edge.Mqtt;
using VisionBanana.Edge.Mqtt.Tests;
using VisionBanana.Edge.Onnx.Models;
using VisionBanana.Edge.Tests.Shared;

namespace VisionBanana.Edge.Cli.Tests.Fleet;

/// <summary>The parts of a fleet, each alone.</summary>
public sealed class FleetPartsTests
{
    [Fact]
    public void Rig_WrittenAndRead_IsTheSameCamera_WithoutItsAddress()
    {
        using var work = new WorkFolder();
        var fleet = new FleetEntry { MaxAge = TimeSpan.FromMilliseconds(750) };
        PipelineFile file = ToolSections.Read(WriteRobot(work, "{cloud: {stride: 2}, depth: {encoding: zstd}}", ""));
        CameraIntrinsics camera = CameraIntrinsics.FromHorizontalFov(640, 480, 71.3) with { Distortion = [0.1, -0.02, 0.003, 0.0004, 0.05] };

        byte[] text = Rig.Write(file, camera, fleet);
        var rig = Rig.Read(text, "rig");

        Assert.Equal((file.Device, file.Camera.Name, file.Camera.FrameId), (rig.File.Device, rig.File.Camera.Name, rig.File.Camera.FrameId));
        Assert.Equal(file.Streams, rig.File.Streams);
        Assert.Equal(file.Camera.Mount, rig.File.Camera.Mount);
        Assert.Equal(file.Instructions.Select(i => (i.Ask, i.Every)), rig.File.Instructions.Select(i => (i.Ask, i.Every)));
        Assert.Equal(camera with { Name = rig.Calibration!.Name }, rig.Calibration);
        Assert.Equal(fleet.MaxAge, rig.MaxAge);
        Assert.DoesNotContain("secret", System.Text.Encoding.UTF8.GetString(text), StringComparison.Ordinal);
        Assert.Equal(Rig.HashOf(text), Rig.HashOf(Rig.Write(file, camera, fleet)));
    }

    [Theory]
    [InlineData("{depth: {rate_hz: 2}}", "", "rate_hz counts every picture")]
    [InlineData("{cloud: false}", "zones: [{name: a, box: {x_m: [0, 1], y_m: [0, 1]}}]\n", "needs one process that sees every picture")]
    [InlineData("{cloud: false}", "scale: {anchors: [{kind: fixed, factor: 1.5}]}\n", "the scale is estimated")]
    public void Rig_OfWhatOneProcessMustSee_IsRefused(string streams, string more, string expected)
    {
        using var work = new WorkFolder();
        PipelineFile file = ToolSections.Read(WriteRobot(work, streams, more));
        ConfigurationException error = Assert.Throws<ConfigurationException>(
            () => Rig.Write(file, CameraIntrinsics.FromHorizontalFov(640, 480, 60), new FleetEntry()));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("none")]
    [InlineData("90")]
    [InlineData("180")]
    [InlineData("270")]
    public void Rig_OfATurnedCamera_HasTheMountOfTheTurnedPicture(string rotate)
    {
        using var work = new WorkFolder();
        string path = WriteRobot(work, "{cloud: false}", "");
        File.WriteAllText(path, File.ReadAllText(path).Replace("  name: front\n", $"  name: front\n  rotate: {rotate}\n", StringComparison.Ordinal));
        PipelineFile file = ToolSections.Read(path);
        var rig = Rig.Read(Rig.Write(file, CameraIntrinsics.FromHorizontalFov(640, 480, 60), new FleetEntry()), "rig");
        Assert.Equal(file.Camera.Mount, rig.File.Camera.Mount);
    }

    [Fact]
    public void Rig_OfAFileWithCameras_IsRefused()
    {
        using var work = new WorkFolder();
        string path = work.Write("robot.yaml", """
            version: 1
            device: robot
            cameras:
              front: {source: "rtsp://camera.example/1", instructions: [labels]}
            mqtt:
              broker: {host: 127.0.0.1}
            """);
        ConfigurationException error = Assert.Throws<ConfigurationException>(() => Rig.Write(ToolSections.Read(path), null, new FleetEntry()));
        Assert.Contains("a robot that captures has one camera", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Rig_WithControlCharactersInNames_IsRefused()
    {
        string text = """
            version: 1
            device: robot
            camera: front
            frame_id: "a\0b"
            mount: {parent: "base\nlink", position_m: [0, 0, 1]}
            max_age_ms: 500
            message_expiry_s: 2
            instructions: [labels]
            """;
        ConfigurationException error = Assert.Throws<ConfigurationException>(() => Rig.Read(System.Text.Encoding.UTF8.GetBytes(text), "x"));
        Assert.Contains("a name without control characters", error.Message, StringComparison.Ordinal);
        Assert.Contains("a parent without control characters", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Rig_WithUnknownKeys_TellsAll()
    {
        ConfigurationException error = Assert.Throws<ConfigurationException>(
            () => Rig.Read("version: 2\nmqtt: {embedded: {}}\ncamera_info: '@'\n"u8.ToArray(), "x"));
        Assert.All((string[])["version 1 of rigs", "mqtt", "base64", "device"], part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void PictureBook_EveryPicture_EndsOnce_AndASecondAnswerIsFound()
    {
        var ledger = new FlowLedger();
        ISinkCounter account = ledger.Open("fleet");
        var clock = new SteppedClockOfTest();
        var book = new PictureBook(account, TimeSpan.FromSeconds(5), 3, clock);
        for (int i = 0; i < 3; i++)
        {
            ledger.Captured();
            ledger.HandedToSinks();
            book.Open(i, 100 + i);
        }

        Assert.False(book.WaitForRoom(TimeSpan.Zero));
        book.Settle(0, 7, null);
        Assert.False(book.Knows(0, 7));
        Assert.False(book.WaitForRoom(TimeSpan.Zero));
        book.Settle(0, 100, null);
        book.Settle(1, 101, DropReason.TooOld);
        book.Settle(1, 101, DropReason.TooOld);
        Assert.True(book.WaitForRoom(TimeSpan.Zero));
        clock.Advance(TimeSpan.FromSeconds(6));
        book.Sweep();
        book.Settle(2, 102, null);
        book.Settle(0, 100, null);
        book.Settle(77, 177, null);

        SinkFlow flow = ledger.Snapshot()[0];
        Assert.True(flow.IsBalanced);
        Assert.Equal((3, 1, 0), (flow.Captured, flow.Published, flow.InFlight));
        Assert.Equal(new Dictionary<DropReason, long> { [DropReason.TooOld] = 1, [DropReason.Expired] = 1 }, flow.Dropped.ToDictionary());
        Assert.Equal((1, 1), (book.AnsweredTwice, book.AnsweredLate));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(180_000)]
    [InlineData(-420_000)]
    public void RobotClock_ClocksThatDiffer_TellTheSameAge(long offsetMs)
    {
        var clock = new RobotClock();
        long captured = 1_700_000_000_000_000_000, offset = offsetMs * 1_000_000;
        Assert.Equal(0, clock.AgeOf(captured + offset + 20_000_000, captured));
        Assert.Equal(300_000_000, clock.AgeOf(captured + offset + 1_320_000_000, captured + 1_000_000_000));
        Assert.Equal(0, clock.AgeOf(captured + offset + 2_015_000_000, captured + 2_000_000_000));

        // The robot's clock is set back by ten minutes: nothing is late for that.
        Assert.Equal(0, clock.AgeOf(captured + offset + 3_015_000_000, captured + 3_000_000_000 - 600_000_000_000));
    }

    [Fact]
    public void ClockOffset_OfAWorkerMinutesAhead_IsMeasuredToTheTimeOnTheWay()
    {
        const long Second = 1_000_000_000, Ahead = 180 * Second;
        var offset = new ClockOffset();
        Assert.Null(offset.Worst);
        offset.Note(ReceiptOf("a", (10 * Second) + Ahead + 20_000_000, (10 * Second) + Ahead + 70_000_000), 10 * Second, (10 * Second) + 80_000_000);
        Assert.Equal("a", offset.Worst!.Value.Worker);
        Assert.Equal(180, offset.Worst.Value.Offset.TotalSeconds, 0.02);
        Assert.InRange(offset.Worst.Value.Doubt.TotalSeconds, 0, 0.05);
    }

    [Theory]
    [InlineData(0, true, "painter-s 1, SHA-256 aa…")]
    [InlineData(180, false, "the clock of w is 1")]
    public async Task Doctor_OfAGroup_TellsModelAndClock(int aheadS, bool isWell, string found)
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        using var work = new WorkFolder();
        PipelineFile file = ToolSections.Read(WriteRobot(work, "{cloud: false}", "fleet: {group: g}"));
        file = file.With(file.Mqtt! with { Transport = file.Mqtt!.Transport with { Port = broker.Port } });
        Assert.Contains("no worker", FleetChecks.Run(file)!.Found, StringComparison.Ordinal);
        using IMqttClient worker = new MqttClientFactory().CreateMqttClient();
        await worker.ConnectAsync(new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", broker.Port).WithProtocolVersion(MqttProtocolVersion.V500).Build());
        long now = CaptureTime.Now(TimeProvider.System).UtcNs;
        await worker.PublishAsync(new GroupModel("painter-s 1", "aa", "w", now + (aheadS * 1_000_000_000L)).Message("g"));

        Check? check = FleetChecks.Run(file);

        Assert.Equal(isWell ? CheckStatus.Well : CheckStatus.Problem, check!.Status);
        Assert.Contains(found, check.Found, StringComparison.Ordinal);
    }

    [Fact]
    public void Receipt_WrittenAndRead_IsTheSame_AndNonsenseIsNone()
    {
        Receipt receipt = ReceiptOf("w", 1, 2) with { Dropped = DropReason.TooOld, Why = "late" };
        Assert.Equal(receipt, Receipt.Read(receipt.Write()));
        Assert.All((string[])["", "{}", "[1]", """{"result":"dropped","reason":"99"}""", new string(' ', 9000)],
            text => Assert.Null(Receipt.Read(System.Text.Encoding.UTF8.GetBytes(text))));
    }

    [Theory]
    [InlineData("vb/fleet/v1/g/r/c/picture/0123456789abcdef0123456789abcdef", true)]
    [InlineData("vb/fleet/v1/g/r/c/picture/0123456789ABCDEF0123456789ABCDEF", false)]
    [InlineData("vb/fleet/v1/other/r/c/picture/0123456789abcdef0123456789abcdef", false)]
    [InlineData("vb/fleet/v1/g/r/c/d/picture/0123456789abcdef0123456789abcdef", false)]
    [InlineData("vb/fleet/v1/g//c/picture/0123456789abcdef0123456789abcdef", false)]
    public void FleetTopics_OfPictures_NameTheCamera(string topic, bool expected)
    {
        Assert.Equal(expected, FleetTopics.TryPicture(topic, "g", out CameraAddress camera, out _));
        Assert.Equal(expected ? new CameraAddress("r", "c") : default, camera);
    }

    [Theory]
    [InlineData("robots=8,workers=3", 8, 3)]
    [InlineData("workers=1,robots=2", 2, 1)]
    [InlineData("robots=8", 0, 0)]
    [InlineData("robots=0,workers=3", 0, 0)]
    [InlineData("robots=8,workers=3,robots=9", 0, 0)]
    public void FleetSize_OfText_IsReadStrictly(string text, int robots, int workers)
    {
        Assert.Equal(robots > 0, FleetSize.TryParse(text, out FleetSize? size));
        Assert.Equal((robots, workers), (size?.Robots ?? 0, size?.Workers ?? 0));
    }

    [Fact]
    public void Samples_OfAFleet_AreRead_AndShowTheDefaults()
    {
        string folder = Path.Combine(Nearby.RepositoryRoot, "samples", "fleet");
        PipelineFile robot = ToolSections.Read(Path.Combine(folder, "robot.yaml"));
        Assert.Equal(new FleetEntry(), robot.Section<FleetEntry>());
        Assert.NotEmpty(Rig.Write(robot, CameraIntrinsics.FromHorizontalFov(640, 480, 60), new FleetEntry()));
        var triton = KServePainterFile.Read(YamlFile.Load(Path.Combine(folder, "triton", "kserve.yaml")));
        Assert.Equal(
            new KServeOptions { Endpoint = new Uri("http://127.0.0.1:8001"), Model = "painter-s" }, triton.Options);
        Assert.Equal(("painter-s", ModelPrecision.Fp32), (triton.Package, triton.Precision));
        Assert.All(
            (string[])["compose.yaml", "kubernetes/worker.yaml", "kubernetes/keda.yaml", "kubernetes/hpa.yaml"],
            file => Assert.NotEmpty(YamlFile.Load(Path.Combine(folder, file)).Keys()));
    }

    [Fact]
    public void KServeFile_ThatIsWrong_TellsEverything()
    {
        ConfigurationException error = Assert.Throws<ConfigurationException>(
            () => KServePainterFile.Read(YamlFile.Parse("endpoint: triton:8001\nprecision: fp8\ntimeout_ms: 0\nbatch: 4\n", "kserve.yaml")));
        Assert.All(
            (string[])["http://127.0.0.1:8001", "fp8", "timeout_ms", "batch", "package", "model"],
            part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task PictureTaker_ClaimsOfAnotherModel_AreCorrectedSeldom_ByTheFirstWorkerOnly(bool isFirst)
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        using IMqttClient other = new MqttClientFactory().CreateMqttClient();
        int said = 0;
        other.ApplicationMessageReceivedAsync += args =>
        {
            said += GroupModel.Read(args.ApplicationMessage.Payload.ToArray()) is { Worker: "w" } ? 1 : 0;
            return Task.CompletedTask;
        };
        await other.ConnectAsync(new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", broker.Port).WithProtocolVersion(MqttProtocolVersion.V500).Build());
        await other.SubscribeAsync(FleetTopics.Model("g"));
        if (!isFirst)
        {
            await other.PublishAsync(new GroupModel("m 1", "aa", "v", 1).Message("g"));
        }

        var own = new PictureTakerOptions { Group = "g", Worker = "w", Model = "m 1", ModelSha256 = "aa" };
        await using var taker = new PictureTaker(new MqttOptions { Host = "127.0.0.1", Port = broker.Port }, own, null, null);
        await taker.StartAsync(CancellationToken.None);
        await UntilAsync(() => taker.Current is not null && Volatile.Read(ref said) == (isFirst ? 1 : 0));

        for (int i = 0; i < 20; i++)
        {
            await other.PublishAsync(new GroupModel("n 1", "bb", "x", i).Message("g"));
        }

        if (isFirst)
        {
            await UntilAsync(() => Volatile.Read(ref said) >= 2);
        }

        await Task.Delay(300);
        Assert.InRange(Volatile.Read(ref said), isFirst ? 2 : 0, isFirst ? 15 : 0);
    }

    private static async Task UntilAsync(Func<bool> isTrue)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!isTrue())
        {
            await Task.Delay(10, limit.Token);
        }
    }

    private static Receipt ReceiptOf(string worker, long takenNs, long writtenNs) => new()
    {
        SequenceNumber = 7,
        CapturedNs = 1,
        Worker = worker,
        Model = "m 1",
        ModelSha256 = "00",
        TakenNs = takenNs,
        WrittenNs = writtenNs,
    };

    private static string WriteRobot(WorkFolder work, string streams, string more) => work.Write("robot.yaml", $$"""
        version: 1
        device: robot
        camera:
          name: front
          source: rtsp://user:secret@camera.example/1
          hfov_deg: 60
          mount: {parent: base_link, position_m: [0.1, 0, 0.35], rpy_deg: [0, 15, 0]}
        instructions: [depth, {ask: labels, every: 3}]
        streams: {{streams}}
        mqtt:
          broker: {host: 127.0.0.1}
        {{more}}
        """);

    private sealed class SteppedClockOfTest : TimeProvider
    {
        private long _now = 1;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public void Advance(TimeSpan time) => _now += time.Ticks;

        public override long GetTimestamp() => _now;
    }
}
