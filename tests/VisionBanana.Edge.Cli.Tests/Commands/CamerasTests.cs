using System.Net;
using System.Text.Json;
using VisionBanana.Edge.Cli.Tests.Viewing;
using VisionBanana.Edge.Tests.Shared;

namespace VisionBanana.Edge.Cli.Tests.Commands;

/// <summary>Several cameras in one pipeline file, run by the tool as its users do.</summary>
public sealed class CamerasTests
{
    [Fact]
    public async Task Run_TwoCameras_AnEntryForEachWithBalancedBooksAndOneRecordingThatReplays()
    {
        using var work = new WorkFolder();
        string pipeline = Write(work), recording = Path.Combine(work.Path, "both.mcap");

        Vbedge.Result result = await Vbedge.RunAsync("run", pipeline, "--frames", "20", "--no-view", "--record", recording, "--json");

        Assert.True(result.ExitCode == 0, result.ToString());
        JsonElement[] cameras = [.. result.Json.GetProperty("cameras").EnumerateArray()];
        Assert.Equal(["front", "rear"], cameras.Select(c => c.GetProperty("name").GetString()));
        foreach (JsonElement sink in cameras.SelectMany(c => c.GetProperty("run").GetProperty("sinks").EnumerateArray()))
        {
            Assert.Equal(20, sink.GetProperty("captured").GetInt64());
            Assert.Equal(0, sink.GetProperty("in_flight").GetInt64());
            Assert.Equal(20, sink.GetProperty("published").GetInt64() + sink.GetProperty("dropped").EnumerateObject().Sum(d => d.Value.GetInt64()));
        }

        Assert.Equal(["front", "rear"], result.Json.GetProperty("painter").EnumerateArray().Select(s => s.GetProperty("camera").GetString()));

        await using var replay = Vbedge.Start("replay", recording, "--pipeline", pipeline, "--loop", "--json");
        await replay.ListeningAsync(work.ZeroMqPort);
        Vbedge.Result heard = await Vbedge.RunAsync("listen", "--zeromq", $"tcp://127.0.0.1:{work.ZeroMqPort}", "--seconds", "3", "--json");
        Assert.Equal(0, heard.Json.GetProperty("malformed").GetInt64());
        string[] topics = [.. heard.Json.GetProperty("streams").EnumerateArray().Select(s => s.GetProperty("topic").GetString()!)];
        foreach (string topic in (string[])["front/depth", "rear/depth", "front/tf_static", "rear/tf_static", "front/camera_info", "rear/camera_info"])
        {
            Assert.Contains($"vb/v1/test/{topic}", topics);
        }

        Assert.Contains("vb/v1/test/front/labels", topics);
        Assert.DoesNotContain("vb/v1/test/rear/labels", topics);
    }

    [Fact]
    public async Task Run_TheSample_PublishesBothCameras()
    {
        using var work = new WorkFolder();
        string text = File.ReadAllText(Path.Combine(Nearby.RepositoryRoot, "samples", "cameras", "pipeline.yaml"))
            .Replace("../demo", WorkFolder.Demo, StringComparison.Ordinal)
            .Replace("../../calibration", $"{WorkFolder.Assets}/calibration", StringComparison.Ordinal)
            .Replace("../../models/painter-s", WorkFolder.Model, StringComparison.Ordinal)
            .Replace("1883", $"{work.MqttPort}", StringComparison.Ordinal)
            .Replace("5556", $"{work.ZeroMqPort}", StringComparison.Ordinal)
            .Replace("8765", $"{WorkFolder.FreePort()}", StringComparison.Ordinal);
        Vbedge.Result result = await Vbedge.RunAsync("run", work.Write("sample.yaml", text), "--no-view", "--frames", "6", "--json");
        Assert.True(result.ExitCode == 0, result.ToString());
        JsonElement[] sinks =
        [
            .. result.Json.GetProperty("cameras").EnumerateArray().SelectMany(c => c.GetProperty("run").GetProperty("sinks").EnumerateArray()),
        ];
        Assert.Equal(6, sinks.Length);
        Assert.All(sinks, s => Assert.Equal(6, s.GetProperty("published").GetInt64()));
    }

    [Fact]
    public async Task Run_OneCameraIsAbsent_TheOtherRunsAndEachHasItsTopicsAndMetrics()
    {
        using var work = new WorkFolder();
        int view = WorkFolder.FreePort();
        string pipeline = Write(work, t => t.Replace("  rear:\n", "  gone: {source: /dev/video97}\n  rear:\n", StringComparison.Ordinal)
            + $"view: {{port: {view}}}\n");
        await using var run = Vbedge.Start("run", pipeline, "--json");
        await run.ListeningAsync(view);

        Vbedge.Result heard = await Vbedge.RunAsync("listen", "--mqtt", $"127.0.0.1:{work.MqttPort}", "--seconds", "3", "--json");
        string[] topics = [.. heard.Json.GetProperty("streams").EnumerateArray().Select(s => s.GetProperty("topic").GetString()!)];
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{view}/") };
        string metrics = await http.GetStringAsync(new Uri("metrics", UriKind.Relative), TestContext.Current.CancellationToken);
        using (ViewSocket rear = await ViewSocket.ConnectAsync(view, query: "?camera=rear"))
        {
            JsonElement hello = await rear.TextAsync("hello");
            Assert.Equal("rear", hello.GetProperty("camera").GetString());
            Assert.Equal(["front", "gone", "rear"], hello.GetProperty("cameras").EnumerateArray().Select(c => c.GetString()));
        }

        using ViewSocket absent = await ViewSocket.ConnectAsync(view, query: "?camera=gone");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, absent.Status);
        using ViewSocket unknown = await ViewSocket.ConnectAsync(view, query: "?camera=nobody");
        Assert.Equal(HttpStatusCode.NotFound, unknown.Status);
        run.Interrupt();
        Vbedge.Result result = await run.ExitAsync();

        Assert.Contains("vb/v1/test/front/status", topics);
        Assert.Contains("vb/v1/test/rear/diagnostics", topics);
        Assert.DoesNotContain(topics, t => t.StartsWith("vb/v1/test/gone", StringComparison.Ordinal));
        Assert.Contains("vbedge_published_total{sink=\"mqtt\",camera=\"front\"}", metrics, StringComparison.Ordinal);
        Assert.Contains("vbedge_published_total{sink=\"mqtt\",camera=\"rear\"}", metrics, StringComparison.Ordinal);
        Assert.True(result.ExitCode == 130, result.ToString());
        JsonElement gone = result.Json.GetProperty("cameras").EnumerateArray().Single(c => c.GetProperty("name").GetString() == "gone");
        Assert.Equal((JsonValueKind.Null, "waited for"), (gone.GetProperty("run").ValueKind, gone.GetProperty("state").GetString()));
    }

    [Fact]
    public async Task Run_ARequiredCameraIsAbsent_IsNamedAndNothingRuns()
    {
        using var work = new WorkFolder();
        string pipeline = Write(work, t => t.Replace(
            "  rear:\n", "  gone: {source: {address: /dev/video97, require: true}}\n  rear:\n", StringComparison.Ordinal));
        Vbedge.Result result = await Vbedge.RunAsync("run", pipeline, "--frames", "5", "--no-view");
        Assert.True(result.ExitCode == 1, result.ToString());
        Assert.Contains("camera gone: ", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_OptionOfOneCamera_IsRefusedWithTheirNames()
    {
        using var work = new WorkFolder();
        Vbedge.Result result = await Vbedge.RunAsync("run", Write(work), "--source", "x.mp4");
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("--source is said of one camera", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Record_TwoCameras_OneFileWithThePicturesOfBoth()
    {
        using var work = new WorkFolder();
        string recording = Path.Combine(work.Path, "both.mcap");
        Vbedge.Result result = await Vbedge.RunAsync("record", recording, "--pipeline", Write(work), "--frames", "4", "--json");
        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Equal(8, result.Json.GetProperty("recorded").GetInt64());
        Vbedge.Result rear = await Vbedge.RunAsync(
            "run", work.WritePipeline(name: "one.yaml"), "--source", recording, "--topic", "/vb/v1/test/rear/source/image_raw", "--no-view", "--json");
        Assert.True(rear.ExitCode == 0, rear.ToString());
        Assert.Equal(4, rear.Json.GetProperty("frames").GetInt64());
    }

    [Fact]
    public async Task Doctor_TwoCameras_ChecksEachWithItsName()
    {
        using var work = new WorkFolder();
        Vbedge.Result result = await Vbedge.RunAsync("doctor", Write(work), "--json");
        string[] names = [.. result.Json.GetProperty("checks").EnumerateArray().Select(c => c.GetProperty("name").GetString()!)];
        Assert.Contains("front: calibration", names);
        Assert.Contains("rear: calibration", names);
        Assert.Single(names, n => n == "mqtt port");
    }

    [Fact]
    public async Task Bench_TwoCameras_SaysHowFairTheyAreAndWhatOneMoreCosts()
    {
        using var work = new WorkFolder();
        Vbedge.Result result = await Vbedge.RunAsync("bench", Write(work), "--rate", "5", "--seconds", "6", "--json");
        Assert.True(result.ExitCode == 0, result.ToString());
        JsonElement[] rows = [.. result.Json.GetProperty("rows").EnumerateArray()];
        Assert.Equal([1, 2], rows.Select(r => r.GetProperty("cameras").GetInt32()));
        Assert.All(rows, r => Assert.True(r.GetProperty("books_balance").GetBoolean()));
        Assert.Equal(["front", "rear"], rows[1].GetProperty("flows").EnumerateArray().Select(f => f.GetProperty("name").GetString()));
        Assert.True(rows[1].GetProperty("fairness").GetDouble() >= 1);
    }

    internal static string Write(WorkFolder work, Func<string, string>? change = null)
    {
        string source = $"{{address: \"{WorkFolder.Demo}/room.mp4\", pace: none, loop: true}}", calibration = $"{WorkFolder.Assets}/calibration/demo-room.yaml";
        string text = $$"""
            version: 1
            device: test
            cameras:
              front:
                source: {{source}}
                calibration: "{{calibration}}"
                mount: {parent: base_link, position_m: [0.2, 0, 0.4]}
                instructions: [depth, labels]
              rear:
                source: {{source}}
                calibration: "{{calibration}}"
                mount: {parent: base_link, position_m: [-0.2, 0, 0.4], rpy_deg: [0, 0, 180]}
            painter: {model: "{{WorkFolder.Model}}"}
            instructions: [depth]
            sinks: {queue: 32}
            mqtt:
              embedded: {port: {{work.MqttPort}}}
            zeromq: {bind: "tcp://127.0.0.1:{{work.ZeroMqPort}}"}

            """;
        return work.Write("cameras.yaml", change?.Invoke(text) ?? text);
    }
}
