using System.Buffers;
using System.Collections.Concurrent;
using System.Text;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Protocol;
using VisionBanana.Edge.Diagnostics;
using VisionBanana.Edge.Messages;
using VisionBanana.Edge.Messages.Ros;
using VisionBanana.Edge.Mqtt;
using VisionBanana.Edge.Mqtt.Tests;
using VisionBanana.Edge.OpenCv.Pictures;
using VisionBanana.Edge.Tests.Shared;

namespace VisionBanana.Edge.Cli.Tests.Fleet;

/// <summary>What a worker does with pictures that are none, by a client that is not ours on a real Mosquitto.</summary>
public sealed class BadPictureTests
{
    private const string Rig = """
        version: 1
        device: robot
        camera: room
        frame_id: room_optical
        max_age_ms: 600000
        message_expiry_s: 2
        streams: {cloud: false}
        instructions: [labels]
        """;

    [Fact]
    public async Task Worker_BadPictures_AreCountedByReasonOnce_AndTheNextGoodOneIsAnswered()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        await using Vbedge worker = Vbedge.Start(
            "worker", "--broker", $"127.0.0.1:{broker.Port}", "--group", "g", "--id", "one", "--model", WorkFolder.Model, "--threads", "1",
            "--max-picture-kb", "64", "--json");
        await worker.WaitForErrorAsync("paints for group");
        using IMqttClient robot = new MqttClientFactory().CreateMqttClient();
        var receipts = new ConcurrentDictionary<long, Receipt>();
        robot.ApplicationMessageReceivedAsync += args =>
        {
            Receipt receipt = Receipt.Read(args.ApplicationMessage.Payload.ToArray())!;
            Assert.True(receipts.TryAdd(receipt.SequenceNumber, receipt), $"picture {receipt.SequenceNumber} was told twice");
            return Task.CompletedTask;
        };
        await robot.ConnectAsync(new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", broker.Port).WithProtocolVersion(MqttProtocolVersion.V500).Build());
        await robot.SubscribeAsync("vb/fleet/v1/g/robot/room/receipt", MqttQualityOfServiceLevel.AtLeastOnce);
        string good = await PublishRigAsync(robot, Rig);
        string uncalibrated = await PublishRigAsync(robot, Rig.Replace("[labels]", "[depth]", StringComparison.Ordinal));
        string nonsense = await PublishRigAsync(robot, Rig.Replace("labels", "play chess", StringComparison.Ordinal));
        string controls = await PublishRigAsync(robot, Rig.Replace("room_optical", "\"room\\0optical\"", StringComparison.Ordinal));
        byte[] jpeg = Jpeg(160, 120);
        byte[] damaged = [.. jpeg];
        damaged.AsSpan(200, jpeg.Length - 400).Fill(0xFF);

        (long Number, string Rig, byte[] File, int Width, DropReason? Expected)[] pictures =
        [
            (0, good, jpeg, 160, null),
            (1, good, [1, 2, 3], 160, DropReason.Unreadable),
            (2, good, damaged, 160, DropReason.Unreadable),
            (3, good, jpeg, 4000, DropReason.Unreadable),
            (4, good, jpeg, 70_000, DropReason.Unreadable),
            (5, good, new byte[100_000], 160, DropReason.TooLarge),
            (6, uncalibrated, jpeg, 160, DropReason.NotCalibrated),
            (7, nonsense, jpeg, 160, DropReason.Refused),
            (10, controls, jpeg, 160, DropReason.Refused),
            (8, new string('a', 32), jpeg, 160, DropReason.Refused),
            (9, good, jpeg, 160, null),
        ];
        foreach ((long number, string rig, byte[] file, int width, _) in pictures)
        {
            await robot.PublishAsync(Picture(number, rig, file, width));
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            while (!receipts.ContainsKey(number))
            {
                Assert.False(limit.IsCancellationRequested, $"nobody said what became of picture {number}");
                await Task.Delay(10);
            }
        }

        // One that a bridge hands over again, and one that is no picture message at all.
        await robot.PublishAsync(Picture(9, good, jpeg, 160));
        await robot.PublishAsync(
            new MqttApplicationMessageBuilder().WithTopic($"vb/fleet/v1/g/robot/room/picture/{good}").WithPayload("x")
                .WithQualityOfServiceLevel(MqttQualityOfServiceLevel.ExactlyOnce).Build());
        await Task.Delay(200);
        worker.Interrupt();
        Vbedge.Result result = await worker.ExitAsync();

        Assert.Equal(pictures.Select(p => (p.Number, p.Expected)), pictures.Select(p => (p.Number, receipts[p.Number].Dropped)));
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Equal(2, result.Json.GetProperty("answered").GetInt64());
        Assert.Equal(1, result.Json.GetProperty("dropped").GetProperty("repeated").GetInt64());
    }

    private static async Task<string> PublishRigAsync(IMqttClient robot, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        string hash = Cli.Fleet.Rig.HashOf(bytes);
        await robot.PublishAsync(
            new MqttApplicationMessageBuilder().WithTopic($"vb/fleet/v1/g/robot/room/rig/{hash}").WithPayload(bytes).WithRetainFlag()
                .WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce).Build());
        return hash;
    }

    private static MqttApplicationMessage Picture(long number, string rig, byte[] file, int width)
    {
        const long Stamp = 1_700_000_000_000_000_000;
        byte[] payload = RosMessage.Encode(new CompressedImage(new Header(Time.FromNanoseconds(Stamp + number), "room_optical"), "jpeg", file));
        var message = new WireMessage
        {
            Stream = Streams.Color,
            Schema = CompressedImage.Schema,
            Encoding = "jpeg",
            SequenceNumber = number,
            CapturedNs = Stamp + number,
            FrameId = "room_optical",
            Width = width,
            Height = 120,
            DataOffset = payload.Length - file.Length,
            DataLength = file.Length,
            Payload = payload,
        };
        MqttApplicationMessage published = PublishedMessage.From(message, $"vb/fleet/v1/g/robot/room/picture/{rig}", 10);
        published.QualityOfServiceLevel = MqttQualityOfServiceLevel.ExactlyOnce;
        return published;
    }

    private static byte[] Jpeg(int width, int height)
    {
        using var encoder = new OpenCvImageEncoder();
        var output = new ArrayBufferWriter<byte>();
        byte[] pixels = new byte[width * height * 3];
        new Random(1).NextBytes(pixels);
        encoder.EncodeJpeg(pixels, width, height, 60, output);
        return output.WrittenSpan.ToArray();
    }
}
