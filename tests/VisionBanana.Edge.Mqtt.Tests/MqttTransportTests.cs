using System.Diagnostics;
using VisionBanana.Edge.Diagnostics;
using VisionBanana.Edge.Messages;
using VisionBanana.Edge.Tests.Shared;

namespace VisionBanana.Edge.Mqtt.Tests;

/// <summary>Against a real Mosquitto.</summary>
public sealed class MqttTransportTests
{
    private static readonly string[] AllStreams = ["camera_info", "cloud", "depth", "depth/camera_info", "label_info", "labels", "normals", "status"];

    [Fact]
    public async Task SendAsync_WholeFrames_ListenerGetsEveryMessageOnceAndWellFormed()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        var heard = Publishing.Keep(out Action<ReceivedMessage> onMessage);
        await using MqttListener listener = await Publishing.ListenAsync(Publishing.Options(broker.Port), onMessage);
        await using MqttTransport transport = await Publishing.ConnectAsync(Publishing.Options(broker.Port));
        Assert.Contains("connected", transport.State, StringComparison.Ordinal);

        var frames = new SampleFrames(160, 120);
        for (int i = 0; i < 20; i++)
        {
            Assert.All(await Publishing.SendAsync(transport, frames, i), result => Assert.Null(result.Value));
        }

        await Publishing.UntilAsync(() => heard.Count(m => m.Stream == "cloud") == 20, "20 clouds");
        Assert.All(heard, message => Assert.Null(message.Malformed));
        Assert.Equal(AllStreams, heard.Select(message => message.Stream).Distinct().Order());
        Assert.Equal(Enumerable.Range(0, 20).Select(i => (long)i), heard.Where(m => m.Stream == "cloud").Select(m => m.Sequence));
        Assert.Single(heard, message => message.Stream == "camera_info");
        Assert.Single(heard, message => message.Stream == "label_info");
        Assert.All(heard, message => Assert.StartsWith("vb/v1/robot/", message.Topic, StringComparison.Ordinal));
    }

    [Fact]
    public async Task MosquittoSub_SeesContentTypePropertiesExpiryAndRetain()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        using ExternalProcess sub = broker.Subscribe("-t", "vb/v1/robot/front/depth", "-F", "%t|%r|%C|%E|%l|%P", "-C", "1");
        await Task.Delay(500);
        await using MqttTransport transport = await Publishing.ConnectAsync(Publishing.Options(broker.Port));
        await Publishing.UntilAsync(
            () =>
            {
                Publishing.SendAsync(transport, new SampleFrames(), 7).GetAwaiter().GetResult();
                return sub.Output.Length > 0;
            },
            "a depth picture");

        string line = sub.Output[0];
        Assert.StartsWith("vb/v1/robot/front/depth|0|application/x-ros2-cdr; type=sensor_msgs/msg/Image|2|", line, StringComparison.Ordinal);
        string[] properties =
        [
            "seq:7", "captured_ns:1700000000231000000", "frame_id:camera_optical", "encoding:16UC1", "width:32", "height:24", "step:2", "data_length:1536",
            "data_offset:",
        ];
        foreach (string property in properties)
        {
            Assert.Contains(property, line, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task LateSubscriber_GetsRetainedStateAndStatus_ButNoStream()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        await using MqttTransport transport = await Publishing.ConnectAsync(Publishing.Options(broker.Port));
        await Publishing.SendAsync(transport, new SampleFrames(), 0);

        var heard = Publishing.Keep(out Action<ReceivedMessage> onMessage);
        await using MqttListener late = await Publishing.ListenAsync(Publishing.Options(broker.Port), onMessage);
        await Publishing.UntilAsync(() => heard.Count >= 3, "state and status");
        await Task.Delay(200);
        Assert.Equal(["camera_info", "label_info", "status"], heard.Select(m => m.Stream).Order());
        Assert.All(heard, message => Assert.True(message.Retained && message.Malformed is null, message.ToString()));
    }

    [Fact]
    public async Task PythonConsumer_WithoutSdk_PrintsTheMetricPointsThatWereSent()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        await using MqttTransport transport = await Publishing.ConnectAsync(Publishing.Options(broker.Port));
        using ExternalProcess python = await Consumers.StartAsync(
            "mqtt_consumer.py", ["paho.mqtt", "numpy"], "--port", $"{broker.Port}", "--frames", "5");
        Task<int> end = python.WaitAsync(Publishing.Limit);
        var frames = new SampleFrames();
        for (long i = 0; !end.IsCompleted; i++)
        {
            await Publishing.SendAsync(transport, frames, i);
            await Task.Delay(20);
        }

        Assert.True(await end == 0, python.Errors);
        Assert.Equal(5, python.Output.Length);
        Assert.Contains("744 points, nearest", python.Output[^1], StringComparison.Ordinal);
        Assert.Contains("1.000 m cup, centre", python.Output[^1], StringComparison.Ordinal);
        Assert.EndsWith("1.120 m table", python.Output[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task NodeTerminal_WithoutSdk_PrintsRatesAndTheNearestPoint()
    {
        string? node = ExternalProcess.Find("node");
        Assert.SkipWhen(node is null, "node is not installed");
        string folder = Path.Combine(Nearby.RepositoryRoot, "samples", "node-terminal");
        Assert.SkipUnless(Directory.Exists(Path.Combine(folder, "node_modules", "mqtt")), "mqtt.js is not installed: run `npm ci` in samples/node-terminal");
        await using Mosquitto broker = await Mosquitto.StartAsync();
        await using MqttTransport transport = await Publishing.ConnectAsync(Publishing.Options(broker.Port));
        using var terminal = new ExternalProcess(node, [Path.Combine(folder, "main.mjs"), "--url", $"mqtt://127.0.0.1:{broker.Port}", "--seconds", "3.5"]);
        Task<int> end = terminal.WaitAsync(Publishing.Limit);
        var frames = new SampleFrames();
        for (long i = 0; !end.IsCompleted; i++)
        {
            await Publishing.SendAsync(transport, frames, i);
            await Task.Delay(20);
        }

        Assert.True(await end == 0, terminal.Errors);
        string cloud = terminal.Output.Last(line => line.Contains("/front/cloud ", StringComparison.Ordinal));

        // The nearest by its distance to the camera, not by its depth: row 3, 1.03 m deep, 1.0775 m away.
        Assert.Matches(@"[1-9]\d*\.\d Hz +18\.\d kB  seq \d+: nearest \S+ \S+ 1\.030 m, label 2$", cloud);
        Assert.Contains(
            terminal.Output, line => line.Contains("/front/status ", StringComparison.Ordinal) && line.EndsWith(" online", StringComparison.Ordinal));
    }

    [Fact]
    public async Task BrokerKilledAndRestarted_DropsAreCounted_StreamsAndStateComeBack()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        await using MqttTransport transport = await Publishing.ConnectAsync(Publishing.Options(broker.Port));
        var frames = new SampleFrames();
        Assert.Null((await Publishing.SendAsync(transport, frames, 0))["cloud"]);

        broker.Kill();
        DropReason? reason = null;
        for (long i = 1; reason != DropReason.NotConnected; i++)
        {
            Assert.True(i < 2000, "the loss was not noticed");
            reason = (await Publishing.SendAsync(transport, frames, i))["cloud"];
            Assert.True(reason is null or DropReason.NotConnected or DropReason.SendFailed, reason.ToString());
        }

        Dictionary<string, DropReason?> away = await Publishing.SendAsync(transport, frames, 5000);
        Assert.Equal(DropReason.NotConnected, away["depth"]);
        Assert.Null(away["camera_info"]);
        Assert.DoesNotContain("(connected", transport.State, StringComparison.Ordinal);

        // Mosquitto kept nothing: what a subscriber gets now was published again.
        await broker.StartAgainAsync();
        var heard = Publishing.Keep(out Action<ReceivedMessage> onMessage);
        await using MqttListener listener = await Publishing.ListenAsync(Publishing.Options(broker.Port), onMessage);
        await Publishing.UntilAsync(() => heard.Count >= 3, "state and status after the restart");
        Assert.Equal(["camera_info", "label_info", "status"], heard.Select(m => m.Stream).Order());
        await Publishing.UntilAsync(
            () => Publishing.SendAsync(transport, frames, 9999).GetAwaiter().GetResult()["cloud"] is null
                && heard.Any(m => m.Stream == "cloud"), "clouds after the restart");
        Assert.All(heard, message => Assert.Null(message.Malformed));
    }

    [Fact]
    public async Task BrokerHangs_SendGivesUpInTime_AndComesBack()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        await using MqttTransport transport = await Publishing.ConnectAsync(Publishing.Options(broker.Port) with
        {
            SendTimeout = TimeSpan.FromMilliseconds(500),
            ConnectTimeout = TimeSpan.FromMilliseconds(500),
        });
        var frames = new SampleFrames(320, 240);
        Assert.Null((await Publishing.SendAsync(transport, frames, 0))["cloud"]);
        Assert.True(await broker.SignalAsync("STOP"));
        try
        {
            var results = new HashSet<DropReason?>();
            for (long i = 1; !results.Contains(DropReason.NotConnected); i++)
            {
                Assert.True(i < 200, "megabytes went into a broker that does not read");
                results.UnionWith((await Publishing.SendAsync(transport, frames, i)).Values);
            }

            Assert.Contains(DropReason.SendFailed, results);
        }
        finally
        {
            Assert.True(await broker.SignalAsync("CONT"));
        }

        await Publishing.UntilAsync(() => Publishing.SendAsync(transport, frames, 300).GetAwaiter().GetResult()["cloud"] is null, "clouds after the hang");
    }

    [Fact]
    public async Task MaximumPacketSize_FromConnack_LargeMessagesAreReducedAndSaySo()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync("allow_anonymous true", "max_packet_size 300000");
        await using MqttTransport transport = await Publishing.ConnectAsync(Publishing.Options(broker.Port));
        Assert.Contains("300000", transport.State, StringComparison.Ordinal);
        var heard = Publishing.Keep(out Action<ReceivedMessage> onMessage);
        await using MqttListener listener = await Publishing.ListenAsync(Publishing.Options(broker.Port), onMessage);
        using ExternalProcess sub = broker.Subscribe("-t", "vb/v1/robot/front/cloud", "-t", "vb/v1/robot/front/depth", "-F", "%t %l %P", "-C", "4");
        var frames = new SampleFrames(320, 240);
        await Publishing.UntilAsync(
            () =>
            {
                Assert.All(Publishing.SendAsync(transport, frames, heard.Count).GetAwaiter().GetResult(), result => Assert.Null(result.Value));
                return sub.Output.Length == 4;
            },
            "four messages");

        // 1.8 MB of points: every third row and column is 107 × 80 × 24 bytes; 154 kB of depth fit as they are.
        string[] clouds = [.. sub.Output.Where(line => line.Contains("/cloud ", StringComparison.Ordinal))];
        Assert.NotEmpty(clouds);
        Assert.All(clouds, line => Assert.Contains("stride:3", line, StringComparison.Ordinal));
        Assert.All(clouds, line => Assert.Contains("width:107 height:80", line, StringComparison.Ordinal));
        Assert.All(sub.Output.Except(clouds), line => Assert.DoesNotContain("stride", line, StringComparison.Ordinal));
        Assert.All(heard, message => Assert.Null(message.Malformed));
        Assert.EndsWith("; cloud reduced to fit, stride 3; normals reduced to fit, stride 2", transport.State, StringComparison.Ordinal);
    }

    [Fact]
    public async Task MaximumPacketSize_NothingFits_DroppedAndSaid()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync("allow_anonymous true", "max_packet_size 1000");
        await using MqttTransport transport = await Publishing.ConnectAsync(Publishing.Options(broker.Port));
        var picture = new WireMessage
        {
            Stream = Streams.Color,
            Schema = "sensor_msgs/msg/CompressedImage",
            Encoding = ImageEncodings.Jpeg,
            Width = 100,
            Height = 100,
            Payload = new byte[2000],
            DataLength = 1900,
        };
        Assert.Equal(DropReason.TooLargeForBroker, await transport.SendAsync(picture, CancellationToken.None));
        Assert.EndsWith("; color does not fit", transport.State, StringComparison.Ordinal);
        picture.Payload = new byte[200];
        picture.DataLength = 100;
        Assert.Null(await transport.SendAsync(picture, CancellationToken.None));
        Assert.DoesNotContain("color", transport.State, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SendAsync_CoordinateFrameLongerThanTextsOfMqtt_IsLeftOutAndTheConnectionStays()
    {
        using EncodedFrame encoded = new SampleFrames().Encode(1);
        WireMessage labels = encoded.Messages.Single(message => message.Stream == Streams.Labels);
        labels.FrameId = new string('x', 70_000);
        await using Mosquitto broker = await Mosquitto.StartAsync();
        var heard = Publishing.Keep(out Action<ReceivedMessage> onMessage);
        await using MqttListener listener = await Publishing.ListenAsync(Publishing.Options(broker.Port), onMessage);
        await using MqttTransport transport = await Publishing.ConnectAsync(Publishing.Options(broker.Port));

        Assert.Null(await transport.SendAsync(labels, CancellationToken.None));

        await Publishing.UntilAsync(() => heard.Any(m => m.Stream == Streams.Labels), "labels");
        Assert.Contains("connected", transport.State, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1, true)]
    [InlineData(+60, false)]
    public async Task MaximumPacketSize_AtTheEdge_NeverCutOffByTheBroker(int slack, bool reduced)
    {
        // A labels message of 160 × 120 is 19 200 pixels, 64 bytes of CDR, and an envelope of 280 to 340 bytes.
        using EncodedFrame encoded = new SampleFrames(160, 120).Encode(1);
        WireMessage labels = encoded.Messages.Single(message => message.Stream == Streams.Labels);
        long size = PublishedMessage.PacketSize(PublishedMessage.From(labels, "vb/v1/robot/front/labels", 2));
        await using Mosquitto broker = await Mosquitto.StartAsync("allow_anonymous true", $"max_packet_size {size + slack}");
        await using MqttTransport transport = await Publishing.ConnectAsync(Publishing.Options(broker.Port));
        for (int i = 0; i < 5; i++)
        {
            Assert.Null(await transport.SendAsync(labels, CancellationToken.None));
            Assert.Equal(reduced, transport.State.Contains("stride 2", StringComparison.Ordinal));
            await Task.Delay(30);
        }
    }

    [Fact]
    public async Task Status_OneCameraOfADeviceStops_TheOtherStaysOnline()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        MqttTransport front = await Publishing.ConnectAsync(Publishing.Options(broker.Port));
        await using MqttTransport rear = await Publishing.ConnectAsync(Publishing.Options(broker.Port) with { Camera = "rear" });
        await front.DisposeAsync();
        using ExternalProcess sub = broker.Subscribe("-t", "vb/v1/robot/#", "-F", "%t %p", "-C", "2");
        Assert.Equal(0, await sub.WaitAsync(Publishing.Limit));
        Assert.Equal(
            [
                """vb/v1/robot/front/status {"status":"offline","device":"robot","camera":"front"}""",
                """vb/v1/robot/rear/status {"status":"online","device":"robot","camera":"rear"}""",
            ],
            sub.Output.Order());
    }

    [Fact]
    public async Task ConnectionCut_LastWillSaysOffline_ReturnSaysOnline()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        using var cable = new TcpCut(broker.Port);
        using ExternalProcess sub = broker.Subscribe("-t", "vb/v1/robot/front/status", "-F", "%p");
        await using MqttTransport transport = await Publishing.ConnectAsync(Publishing.Options(cable.Port));
        await sub.WaitForLineAsync(line => line.Contains("\"online\"", StringComparison.Ordinal), Publishing.Limit);
        cable.Cut();
        await sub.WaitForLineAsync(line => line.Contains("\"offline\"", StringComparison.Ordinal), Publishing.Limit);
        await Publishing.UntilAsync(
            () => sub.Output is [.., var last] && sub.Output.Length >= 3 && last.Contains("\"online\"", StringComparison.Ordinal), "online again");
    }

    [Fact]
    public async Task DisposeAsync_CleanStop_OfflineStatusStaysAtTheBroker()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        MqttTransport transport = await Publishing.ConnectAsync(Publishing.Options(broker.Port));
        await transport.DisposeAsync();
        await transport.DisposeAsync();
        Assert.Contains("closed", transport.State, StringComparison.Ordinal);
        Assert.Equal(DropReason.Stopped, await transport.SendAsync(DiagnosticsMessage.Create(1), CancellationToken.None));
        using ExternalProcess sub = broker.Subscribe("-t", "vb/v1/robot/front/status", "-F", "%r %p", "-C", "1");
        Assert.Equal(
            """1 {"status":"offline","device":"robot","camera":"front"}""", await sub.WaitForLineAsync(_ => true, Publishing.Limit));
    }

    [Fact]
    public async Task StartAsync_NobodyListensAndItIsRequired_SaysWhereAndWhatToDo()
    {
        int port = Ports.Free();
        await using var transport = new MqttTransport(Publishing.Options(port) with { Require = true });
        long start = Stopwatch.GetTimestamp();
        var error = await Assert.ThrowsAsync<TransportException>(() => transport.StartAsync(CancellationToken.None));
        Assert.True(Stopwatch.GetElapsedTime(start) < Publishing.Limit);
        Assert.Contains($"mqtt://127.0.0.1:{port}: Connection refused", error.Message, StringComparison.Ordinal);
        Assert.Contains("embedded broker", error.Message, StringComparison.Ordinal);
        Assert.Equal(DropReason.NotConnected, await transport.SendAsync(DiagnosticsMessage.Create(1), CancellationToken.None));
    }

    [Fact]
    public async Task StartAsync_BrokerAbsent_RunsOnAndConnectsWhenItComes()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        broker.Kill();
        var log = new CollectedLog<MqttTransport>();
        await using var transport = new MqttTransport(Publishing.Options(broker.Port), log);
        await transport.StartAsync(CancellationToken.None).WaitAsync(Publishing.Limit);
        Assert.Equal(DropReason.NotConnected, (await Publishing.SendAsync(transport, new SampleFrames(), 1))["cloud"]);
        Assert.Contains("Connection refused", transport.State, StringComparison.Ordinal);
        Assert.Contains(log.Lines, line => line.Contains("goes on without it", StringComparison.Ordinal));

        await broker.StartAgainAsync();
        await Publishing.UntilAsync(
            () => Publishing.SendAsync(transport, new SampleFrames(), 2).GetAwaiter().GetResult()["cloud"] is null, "clouds once it is there");
        var heard = Publishing.Keep(out Action<ReceivedMessage> onMessage);
        await using MqttListener late = await Publishing.ListenAsync(Publishing.Options(broker.Port), onMessage);
        await Publishing.UntilAsync(() => heard.Count >= 3, "state and status, also what was said before");
    }

    [Fact]
    public async Task SendAsync_BrokerRefusesTopics_DroppedToldOncePerTopicAndInTheState()
    {
        string acl = Path.GetTempFileName();
        await File.WriteAllLinesAsync(
            acl, ["topic read #", "topic write vb/v1/robot/front/status", "topic write vb/v1/robot/front/depth", "topic write vb/v1/robot/front/camera_info"]);
        try
        {
            await using Mosquitto broker = await Mosquitto.StartAsync("allow_anonymous true", $"acl_file {acl}");
            var log = new CollectedLog<MqttTransport>();
            await using var transport = new MqttTransport(Publishing.Options(broker.Port), log);
            await transport.StartAsync(CancellationToken.None).WaitAsync(Publishing.Limit);
            for (int i = 0; i < 5; i++)
            {
                Dictionary<string, DropReason?> results = await Publishing.SendAsync(transport, new SampleFrames(), i);
                Assert.Equal((null, null), (results["depth"], results["camera_info"]));
                Assert.Equal((DropReason.NotAllowed, DropReason.NotAllowed), (results["cloud"], results["label_info"]));
            }

            Assert.EndsWith("; the broker refuses cloud, depth/camera_info, label_info, labels, normals", transport.State, StringComparison.Ordinal);
            Assert.Single(log.Lines, line => line.Contains("vb/v1/robot/front/cloud (reason code 135)", StringComparison.Ordinal));
            Assert.Contains("(connected", transport.State, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(acl);
        }
    }

    /// <summary>Forty kills six seconds apart, scaled down: the pause grows with attempts that fail, not with connections that were lost.</summary>
    [Fact]
    public async Task ConnectionLostAgainAndAgain_MostPicturesOfItsLifeAreSent_NoneTwice()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        using var cable = new TcpCut(broker.Port);
        var heard = Publishing.Keep(out Action<ReceivedMessage> onMessage);
        await using MqttListener listener = await Publishing.ListenAsync(Publishing.Options(broker.Port), onMessage);
        await using MqttTransport transport = await Publishing.ConnectAsync(Publishing.Options(cable.Port) with
        {
            MinimumBackOff = TimeSpan.FromMilliseconds(40),
            MaximumBackOff = TimeSpan.FromSeconds(30),
        });
        var frames = new SampleFrames();
        int alive = 0, sent = 0;
        for (int kill = 0; kill < 12; kill++)
        {
            cable.Mend();
            long start = Stopwatch.GetTimestamp();
            while (Stopwatch.GetElapsedTime(start) < TimeSpan.FromMilliseconds(1000))
            {
                alive++;
                sent += (await Publishing.SendAsync(transport, frames, alive))["cloud"] is null ? 1 : 0;
                await Task.Delay(20);
            }

            cable.Unplug();
            await Task.Delay(100);
        }

        Assert.True(sent >= 0.8 * alive, $"{sent} of {alive}");
        await Task.Delay(200);
        Assert.All(heard.Where(m => m.Stream == "cloud").GroupBy(m => m.Sequence), group => Assert.Single(group));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a/b")]
    [InlineData("a+")]
    [InlineData("#")]
    public void Construct_NameThatIsNoTopicPart_Refused(string name)
    {
        Assert.Throws<ConfigurationException>(() => new MqttTransport(new MqttOptions { Device = name }));
        Assert.Throws<ConfigurationException>(() => new MqttTransport(new MqttOptions { Camera = name }));
    }
}
