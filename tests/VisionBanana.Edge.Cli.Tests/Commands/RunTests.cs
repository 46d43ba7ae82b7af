using System.Text.Json;
using VisionBanana.Edge.Tests.Shared;

namespace VisionBanana.Edge.Cli.Tests.Commands;

public sealed class RunTests
{
    [Fact]
    public async Task Run_TheClip_PublishesEveryFrameOnBothTransports()
    {
        using var work = new WorkFolder();

        Vbedge.Result result = await Vbedge.RunAsync("run", work.WritePipeline(), "--frames", "60", "--json", "--no-view");

        Assert.True(result.ExitCode == 0, result.ToString());
        JsonElement[] sinks = [.. result.Json.GetProperty("sinks").EnumerateArray()];
        Assert.Equal(["mqtt", "zeromq"], sinks.Select(s => s.GetProperty("name").GetString()));
        Assert.All(sinks, s =>
        {
            Assert.Equal(60, s.GetProperty("captured").GetInt64());
            Assert.Equal(0, s.GetProperty("in_flight").GetInt64());
            Assert.Equal(60, s.GetProperty("published").GetInt64() + s.GetProperty("dropped").EnumerateObject().Sum(d => d.Value.GetInt64()));
        });
        Assert.True(result.Json.GetProperty("fps").GetDouble() > 0);
        Assert.Equal("cpu", result.Json.GetProperty("provider").GetString());
        Assert.StartsWith("painter-s", result.Json.GetProperty("model").GetString(), StringComparison.Ordinal);
        Assert.True(result.Json.GetProperty("latency_ms").GetProperty("paint").GetProperty("p50").GetDouble() > 0);
        Assert.True(result.Json.GetProperty("allocated_bytes_per_frame").GetDouble() >= 0);
    }

    [Fact]
    public async Task Run_Interrupted_FlushesReportsAndExits130()
    {
        using var work = new WorkFolder();
        await using var run = Vbedge.Start("run", work.WritePipeline(), "--json");
        await using var listen = Vbedge.Start("listen", "--mqtt", $"127.0.0.1:{work.MqttPort}", "--seconds", "20", "--json");
        await run.ListeningAsync(work.MqttPort);
        await Task.Delay(TimeSpan.FromSeconds(1));

        run.Interrupt();
        Vbedge.Result result = await run.ExitAsync();

        Assert.True(result.ExitCode == 130, result.ToString());
        Assert.True(result.Json.GetProperty("interrupted").GetBoolean());
        Assert.All(result.Json.GetProperty("sinks").EnumerateArray(), s => Assert.Equal(0, s.GetProperty("in_flight").GetInt64()));
    }

    [Fact]
    public async Task Listen_BothTransports_SeesEveryStreamAndNothingMalformed()
    {
        using var work = new WorkFolder();
        await using var run = Vbedge.Start("run", work.WritePipeline(t => t.Replace("pace: none, ", "", StringComparison.Ordinal)), "--json");
        await run.ListeningAsync(work.MqttPort);
        await run.ListeningAsync(work.ZeroMqPort);

        Vbedge.Result heard = await Vbedge.RunAsync(
            "listen", "--mqtt", $"127.0.0.1:{work.MqttPort}", "--zeromq", $"tcp://127.0.0.1:{work.ZeroMqPort}", "--seconds", "5", "--json");

        Assert.True(heard.ExitCode == 0, heard.ToString());
        Assert.Equal(0, heard.Json.GetProperty("malformed").GetInt64());
        string[] topics = [.. heard.Json.GetProperty("streams").EnumerateArray().Select(s => $"{s.GetProperty("transport")} {s.GetProperty("topic")}")];
        foreach (string stream in (string[])["color", "depth", "painting", "labels", "cloud", "camera_info", "label_info", "diagnostics"])
        {
            Assert.Contains($"mqtt vb/v1/test/room/{stream}", topics);
            Assert.Contains($"zeromq vb/v1/test/room/{stream}", topics);
        }

        Assert.Contains("mqtt vb/v1/test/room/status", topics);
    }

    [Fact]
    public async Task Run_MountAndCompressedStreams_AreHeardAtTheirRatesAndNothingIsMalformed()
    {
        using var work = new WorkFolder();
        string pipeline = work.WritePipeline(t => t
            .Replace("pace: none, ", "", StringComparison.Ordinal)
            .Replace("  name: room\n", "  name: room\n  mount: {parent: base_link, position_m: [0.1, 0, 0.4], rpy_deg: [0, 20, 0]}\n", StringComparison.Ordinal)
            + "\nstreams:\n  depth: {encoding: compressed_png, rate_hz: 3}\n  cloud: {voxel_m: 0.05, precision_m: 0.001, format: zstd}\n  painting: false\n");
        await using var run = Vbedge.Start("run", pipeline, "--json");
        await run.ListeningAsync(work.MqttPort);
        await run.ListeningAsync(work.ZeroMqPort);

        Vbedge.Result heard = await Vbedge.RunAsync(
            "listen", "--mqtt", $"127.0.0.1:{work.MqttPort}", "--zeromq", $"tcp://127.0.0.1:{work.ZeroMqPort}", "--seconds", "5", "--json");

        Assert.True(heard.ExitCode == 0, heard.ToString());
        Assert.Equal(0, heard.Json.GetProperty("malformed").GetInt64());
        foreach (string transport in (string[])["mqtt", "zeromq"])
        {
            JsonElement[] streams = [.. heard.Json.GetProperty("streams").EnumerateArray().Where(
                s => s.GetProperty("transport").GetString()!.StartsWith(transport, StringComparison.Ordinal))];
            JsonElement Of(string stream) => streams.Single(s => s.GetProperty("topic").GetString() == $"vb/v1/test/room/{stream}");
            Assert.True(Of("tf_static").GetProperty("messages").GetInt64() >= 1);
            Assert.InRange(Of("depth").GetProperty("messages").GetInt64(), 1, 22);
            Assert.True(Of("cloud").GetProperty("messages").GetInt64() > Of("depth").GetProperty("messages").GetInt64());
            Assert.DoesNotContain(streams, s => s.GetProperty("topic").GetString()!.EndsWith("/painting", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Run_RealVideoWithFieldOfView_PerceivesEveryFrame()
    {
        using var work = new WorkFolder();

        Vbedge.Result result = await Vbedge.RunAsync(
            "run", work.WritePipeline(), "--source", Nearby.SharedData("video/vtest.avi"), "--hfov", "60", "--frames", "30", "--json");

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Equal(30, result.Json.GetProperty("frames").GetInt64());
    }
}
