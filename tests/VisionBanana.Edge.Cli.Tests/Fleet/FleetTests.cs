using System.Globalization;
using System.Text.Json;
using VisionBanana.Edge.Messages;
using VisionBanana.Edge.Mqtt.Tests;
using VisionBanana.Edge.Tests.Shared;

namespace VisionBanana.Edge.Cli.Tests.Fleet;

/// <summary>Robots that capture and workers that paint, as processes of their own, on a real Mosquitto.</summary>
public sealed class FleetTests
{
    private static readonly string[] Painted =
        [Streams.Depth, Streams.Labels, Streams.Cloud, Streams.Color, Streams.CameraInfo, Streams.LabelInfo, Streams.TfStatic];

    [Fact]
    public async Task Worker_BesideRun_ConsumersHearTheSame()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        using var work = new WorkFolder();
        string pipeline = WriteRobot(work, broker.Port, "robot", "{encoding: png, max_age_ms: 600000}");
        Task<PerceptConsumer.Heard[]> running = HearAsync(broker.Port, "run", pipeline, "--frames", "7", "--no-view", "--json");
        PerceptConsumer.Heard[] alone = await running;

        await using Vbedge worker = StartWorker(broker.Port, "one");
        await worker.WaitForErrorAsync("paints for group");
        PerceptConsumer.Heard[] fleet = await HearAsync(broker.Port, "capture", pipeline, "--frames", "7", "--json");

        Assert.Contains(alone, m => m.Topic.EndsWith("/cloud", StringComparison.Ordinal));
        Assert.Equal(alone.Length, fleet.Length);
        Assert.All(alone.Zip(fleet), pair => Assert.Equal(pair.First, pair.Second));

        // What workers said of the camera is theirs: the robot leaves it to who comes later.
        await using PerceptConsumer late = await PerceptConsumer.ConnectAsync(broker.Port);
        await late.UntilAsync(
            c => ((string[])[Streams.CameraInfo, Streams.TfStatic, Streams.LabelInfo]).All(s => c.Numbers("robot", s).Length == 1), "state is retained");
    }

    [Fact]
    public async Task Workers_OneIsKilledInMidPicture_EveryPictureHasOneEnd_NoneIsAnsweredTwice()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        using var work = new WorkFolder();
        string[] robots = ["a", "b"];
        await using PerceptConsumer consumer = await PerceptConsumer.ConnectAsync(broker.Port);
        await using Vbedge first = StartWorker(broker.Port, "first"), second = StartWorker(broker.Port, "second");
        await Task.WhenAll(first.WaitForErrorAsync("paints for group"), second.WaitForErrorAsync("paints for group"));
        Task<Vbedge.Result>[] captures =
        [
            .. robots.Select(robot => Vbedge.RunAsync(
                "capture", WriteRobot(work, broker.Port, robot, "{expiry_s: 1, max_unanswered: 4, max_age_ms: 60000}"), "--frames", "60", "--json")),
        ];
        await consumer.UntilAsync(c => robots.All(r => c.Numbers(r, Streams.Depth).Length >= 8), "both robots are answered");
        first.Kill();
        Vbedge.Result[] ended = await Task.WhenAll(captures);
        second.Interrupt();
        Vbedge.Result worker = await second.ExitAsync();

        Assert.True(worker.ExitCode == 0, worker.ToString());
        Assert.Equal(
            worker.Json.GetProperty("taken").GetInt64(),
            worker.Json.GetProperty("answered").GetInt64() + worker.Json.GetProperty("dropped").EnumerateObject().Sum(d => d.Value.GetInt64()));
        foreach ((string robot, Vbedge.Result result) in robots.Zip(ended))
        {
            Assert.True(result.ExitCode == 0, result.ToString());
            JsonElement books = result.Json;
            long answered = books.GetProperty("answered").GetInt64(), expired = Dropped(books, "expired");
            Assert.True(answered + expired == 60, result.ToString());
            Assert.Equal(
                (60, 0, 0),
                (books.GetProperty("captured").GetInt64(), books.GetProperty("in_flight").GetInt64(), books.GetProperty("answered_twice").GetInt64()));

            // What the killed worker held is gone or was published without a receipt: consumers hear no picture twice, and every one that was answered.
            long[] heard = consumer.Numbers(robot, Streams.Depth);
            Assert.Equal(heard.Distinct().Count(), heard.Length);
            Assert.InRange(heard.Length, answered, 60);
        }
    }

    [Fact]
    public async Task Worker_OfAnotherModel_IsRefusedByTheGroup()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        await using Vbedge first = StartWorker(broker.Port, "first");
        await first.WaitForErrorAsync("paints for group");
        using var work = new WorkFolder();
        string other = Path.Combine(work.Path, "other");
        Directory.CreateDirectory(other);
        foreach (string file in Directory.GetFiles(WorkFolder.Model))
        {
            File.Copy(file, Path.Combine(other, Path.GetFileName(file)));
        }

        string manifest = Path.Combine(other, "model.yaml");
        string text = await File.ReadAllTextAsync(manifest);
        await File.WriteAllTextAsync(manifest, text.Replace("name: painter-s", "name: painter-other", StringComparison.Ordinal));
        Vbedge.Result refused = await Vbedge.RunAsync(
            "worker", "--broker", $"127.0.0.1:{broker.Port}", "--group", "g", "--id", "second", "--model", other, "--json");

        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("the group 'g' paints with painter-s", refused.Error, StringComparison.Ordinal);
        Assert.Contains("this worker has painter-other", refused.Error, StringComparison.Ordinal);
    }

    private static Vbedge StartWorker(int port, string name) =>
        Vbedge.Start("worker", "--broker", $"127.0.0.1:{port}", "--group", "g", "--id", name, "--model", WorkFolder.Model, "--threads", "1", "--json");

    private static long Dropped(JsonElement books, string reason) =>
        books.GetProperty("dropped").EnumerateObject().Where(d => d.NameEquals(reason)).Sum(d => d.Value.GetInt64());

    /// <summary>What a consumer hears of a robot's first pictures, sorted: by topic, then by picture.</summary>
    private static async Task<PerceptConsumer.Heard[]> HearAsync(int port, params string[] robot)
    {
        await using PerceptConsumer consumer = await PerceptConsumer.ConnectAsync(port);
        Vbedge.Result result = await Vbedge.RunAsync(robot);
        Assert.True(result.ExitCode == 0, result.ToString());
        await consumer.UntilAsync(c => c.Numbers("robot", Streams.Depth).Contains(6), "the last picture arrives");
        return
        [
            // What an earlier robot left at the broker is heard first, as retained.
            .. consumer.Messages.Where(m => m.Number >= 0 && !m.Form.Contains("retain True", StringComparison.Ordinal))
                .Where(m => Painted.Any(s => m.Topic.EndsWith($"/{s}", StringComparison.Ordinal)))
                .OrderBy(m => m.Topic, StringComparer.Ordinal).ThenBy(m => m.Number),
        ];
    }

    private static string WriteRobot(WorkFolder work, int port, string device, string fleet) => work.Write(
        $"{device}.yaml",
        string.Create(CultureInfo.InvariantCulture, $$"""
            version: 1
            device: {{device}}
            camera:
              name: room
              source: {address: "{{WorkFolder.Demo}}/room.mp4", pace: none, loop: true}
              calibration: "{{WorkFolder.Assets}}/calibration/demo-room.yaml"
              mount: {parent: base_link, position_m: [0.1, 0, 0.35], rpy_deg: [0, 15, 0]}
            painter:
              model: "{{WorkFolder.Model}}"
              execution: {threads: 1}
            instructions: [depth, {ask: labels, every: 3}]
            sinks: {queue: 100}
            fleet: {{fleet.Replace("{", "{group: g, ", StringComparison.Ordinal)}}
            mqtt:
              broker: {host: 127.0.0.1, port: {{port}}, require: true }
            """));
}
