using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using MQTTnet;
using NetMQ;
using NetMQ.Sockets;
using VisionBanana.Edge.Tests.Shared;

namespace VisionBanana.Edge.Cli.Tests.Commands;

/// <summary>Scale as users fix it: the tape measure, the samples with their recorded values, anchors in an evaluation.</summary>
public sealed class ScaleTests
{
    private static readonly string Samples = Path.Combine(Nearby.RepositoryRoot, "samples");

    [Fact]
    public async Task Scale_KnownDistance_WritesTheFactorThatARunBeginsWith()
    {
        using var work = new WorkFolder();
        string camera = Path.Combine(work.Path, "hand.yaml"), clip = Path.Combine(Samples, "demo", "room.mp4");
        File.Copy(Path.Combine(Nearby.RepositoryRoot, "calibration", "demo-room.yaml"), camera);

        Vbedge.Result found = await Vbedge.RunAsync("scale", "--known", "2.0", "--at", "0.5,0.6", "--seconds", "1", "--camera", camera, clip, "--json");

        Assert.True(found.ExitCode == 0, found.ToString());
        double factor = found.Json.GetProperty("factor").GetDouble();
        Assert.Equal(2, factor * found.Json.GetProperty("painted_m").GetDouble(), 1e-3);
        string written = File.ReadLines(Path.Combine(work.Path, "hand.scale.yaml")).Single(l => l.StartsWith("factor: ", StringComparison.Ordinal));
        Assert.Equal(factor, double.Parse(written.AsSpan(8), CultureInfo.InvariantCulture), 1e-4);

        string pipeline = work.Write("p.yaml", $"version: 1\ndevice: t\ncamera:\n  source: {{address: {clip}, pace: none}}\n  calibration: {camera}\n"
            + "instructions: [{ask: depth}]\n");
        Vbedge.Result run = await Vbedge.RunAsync("run", pipeline, "--frames", "5", "--record", Path.Combine(work.Path, "r.mcap"), "--json", "--no-view");
        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Contains("fixed", run.Json.GetProperty("scale").GetProperty("anchors").EnumerateArray().Select(a => a.GetString()));
        Vbedge.Result doctor = await Vbedge.RunAsync("doctor", pipeline);
        Assert.Contains("hand.scale.yaml", doctor.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--known", "-1")]
    [InlineData("--known", "nan")]
    [InlineData("--at", "2,0")]
    public async Task Scale_WrongNumbers_AreRefused(string option, string value)
    {
        Vbedge.Result result = await Vbedge.RunAsync(["scale", "--known", "2", "clip.mp4", option, value]);

        Assert.True(result.ExitCode == 2, result.ToString());
    }

    [Fact]
    public async Task Run_GroundRobotSample_UsesTheMountWithTheImuOverMqtt()
    {
        using var work = new WorkFolder();
        int port = FreePort();
        Func<string, string> change = text => text.Replace("port: 1883", $"port: {port}", StringComparison.Ordinal);
        Vbedge.Result run = await RunAsync(work, "ground-robot.yaml", change, async end =>
        {
            string[] lines = Readings("imu.jsonl");
            using IMqttClient client = new MqttClientFactory().CreateMqttClient();
            for (int i = 0; !end.IsCancellationRequested; i++)
            {
                try
                {
                    if (!client.IsConnected)
                    {
                        await client.ConnectAsync(new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", port).Build(), end);
                    }

                    await client.PublishStringAsync("rover/imu", lines[i % lines.Length], cancellationToken: end);
                }
                catch (Exception e) when (e is not OperationCanceledException)
                {
                    // The broker of the run is not there yet.
                }

                await Task.Delay(50, end);
            }
        });

        Assert.True(run.Json.GetProperty("scale").GetProperty("used").GetProperty("plane").GetInt64() > 0, run.ToString());
    }

    [Fact]
    public async Task Run_DroneSample_UsesTheRangeFinderOverMavlink()
    {
        using var work = new WorkFolder();
        int port = FreePort(), udp = FreePort();
        Vbedge.Result run = await RunAsync(
            work, "drone.yaml",
            text => text.Replace("port: 1883", $"port: {port}", StringComparison.Ordinal).Replace(":14551, dir", $":{udp}, dir", StringComparison.Ordinal),
            async end =>
            {
                // Another encoder than ours.
                using var player = new ExternalProcess(
                    "python3",
                    [Path.Combine(Samples, "scale", "play.py"), Path.Combine(Samples, "scale", "readings", "altimeter.jsonl"), "mavlink", $"127.0.0.1:{udp}"]);
                await Task.Delay(Timeout.Infinite, end);
            });

        Assert.True(run.Json.GetProperty("scale").GetProperty("used").GetProperty("range").GetInt64() > 0, run.ToString());
    }

    [Fact]
    public async Task Run_ArmSample_UsesThePosesOverZeroMq()
    {
        using var work = new WorkFolder();
        int port = FreePort(), zmq = FreePort();
        Vbedge.Result run = await RunAsync(
            work, "arm.yaml",
            text => text.Replace("port: 1883", $"port: {port}", StringComparison.Ordinal).Replace(":5601", $":{zmq}", StringComparison.Ordinal),
            end =>
            {
                string[] lines = Readings("pose.jsonl");
                using var publisher = new PublisherSocket();
                publisher.Bind($"tcp://127.0.0.1:{zmq}");
                for (int i = 0; !end.IsCancellationRequested; i++)
                {
                    publisher.SendMoreFrame("arm/camera_pose").SendFrame(lines[i % lines.Length]);
                    end.WaitHandle.WaitOne(50);
                }

                return Task.CompletedTask;
            });

        Assert.True(run.Json.GetProperty("scale").GetProperty("used").GetProperty("plane").GetInt64() > 0, run.ToString());
    }

    [Fact]
    public async Task Run_HandheldSample_IsSteadied()
    {
        using var work = new WorkFolder();
        int port = FreePort();
        Vbedge.Result run = await RunAsync(
            work, "handheld.yaml", text => text.Replace("port: 1883", $"port: {port}", StringComparison.Ordinal), _ => Task.CompletedTask);

        Assert.InRange(run.Json.GetProperty("scale").GetProperty("log_std").GetDouble(), 0.1, 0.5);
    }

    [Fact]
    public async Task Eval_OneBeamOnRealTables_BringsTheScale()
    {
        using var work = new WorkFolder();
        string set = Nearby.SharedData("real/floor-kinect");

        Vbedge.Result none = await Vbedge.RunAsync("eval", set, "--json");
        Vbedge.Result beam = await Vbedge.RunAsync("eval", set, "--anchor", "range:CENTER", "--json");
        Vbedge.Result clip = await Vbedge.RunAsync("eval", set, "--sequence", "--json");

        Assert.True(beam.ExitCode == 0, beam.ToString());
        JsonElement without = Dataset(none), with = Dataset(beam), along = Dataset(clip);
        Assert.Equal(2, with.GetProperty("anchored").GetInt32());
        Assert.True(Math.Abs(with.GetProperty("log_scale").GetDouble()) < Math.Abs(without.GetProperty("log_scale").GetDouble()) + 0.05);
        Assert.Equal(2, along.GetProperty("sequence").GetProperty("pictures").GetInt32());

        static JsonElement Dataset(Vbedge.Result result) => result.Json.GetProperty("datasets")[0];
    }

    [Theory]
    [InlineData("beam")]
    [InlineData("range:2,2")]
    [InlineData("sparse:0")]
    [InlineData("sparse:x")]
    public async Task Eval_UnknownAnchor_SaysWhatIsExpected(string anchor)
    {
        Vbedge.Result result = await Vbedge.RunAsync("eval", "nowhere", "--anchor", anchor);

        Assert.True(result.ExitCode == 2, result.ToString());
        Assert.Contains("range:CENTER", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_WrongScaleSection_TellsEverythingBeforeTheFirstPicture()
    {
        using var work = new WorkFolder();
        string file = work.Write("p.yaml", """
            version: 1
            device: t
            camera:
              source: {address: clip.mp4}
              hfov_deg: 60
              mount: {parent: base_link, position_m: [0, 0, -0.2]}
              live_mount: [{kind: pose, topic: "a/#"}, {kind: imu, topic: imu}]
            instructions: [{ask: depth}]
            scale:
              painter_std: 0
              anchors:
                - {kind: range}
                - {kind: range, mavlink: nowhere, direction: [0, 1, -1]}
                - {kind: fixed, factor: -1}
                - {kind: magic}
            zeromq: {bind: "tcp://127.0.0.1:5999"}
            """);

        Vbedge.Result result = await Vbedge.RunAsync("run", file, "--no-view");

        Assert.True(result.ExitCode == 2, result.ToString());
        foreach (string part in (string[])["below the floor", "without + and #", "painter_std", "where its readings arrive", "127.0.0.1:14550",
            "in front of the camera", "factor", "magic", "MQTT broker"])
        {
            Assert.Contains(part, result.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Run_BeamOutsideTheView_IsRefusedAtTheStart()
    {
        using var work = new WorkFolder();
        string clip = Path.Combine(Samples, "demo", "room.mp4");
        string file = work.Write("p.yaml", $"version: 1\ndevice: t\ncamera:\n  source: {{address: {clip}}}\n  hfov_deg: 60\n"
            + "instructions: [{ask: depth}]\nscale: {anchors: [{kind: range, mavlink: \"127.0.0.1:14559\", direction: [0, 1, 0.3]}]}\n");

        Vbedge.Result result = await Vbedge.RunAsync("run", file, "--record", Path.Combine(work.Path, "r.mcap"), "--no-view");

        Assert.True(result.ExitCode == 2, result.ToString());
        Assert.Contains("outside the picture", result.Error, StringComparison.Ordinal);
    }

    private static string[] Readings(string name) => File.ReadAllLines(Path.Combine(Samples, "scale", "readings", name));

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    /// <summary>Runs a sample until readings were played to it for some seconds.</summary>
    private static async Task<Vbedge.Result> RunAsync(
        WorkFolder work, string sample, Func<string, string> change, Func<CancellationToken, Task> play)
    {
        string text = change(File.ReadAllText(Path.Combine(Samples, "scale", sample)))
            .Replace("../../", Nearby.RepositoryRoot + "/", StringComparison.Ordinal)
            .Replace("../demo", Path.Combine(Samples, "demo"), StringComparison.Ordinal);
        string file = work.Write(sample, text);
        using var end = new CancellationTokenSource();
        Task playing = Task.Run(() => play(end.Token), TestContext.Current.CancellationToken);
        Vbedge.Result run = await Vbedge.RunAsync("run", file, "--frames", "60", "--json", "--no-view");
        await end.CancelAsync();
        await Task.WhenAny(playing, Task.Delay(5000, TestContext.Current.CancellationToken));
        Assert.True(run.ExitCode == 0, run.ToString());
        return run;
    }
}
