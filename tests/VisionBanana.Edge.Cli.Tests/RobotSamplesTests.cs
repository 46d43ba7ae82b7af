using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using VisionBanana.Edge.Tests.Shared;

namespace VisionBanana.Edge.Cli.Tests;

/// <summary>The samples of robots that move, with recorded pictures.</summary>
public sealed partial class RobotSamplesTests
{
    private static readonly string Samples = Path.Combine(Nearby.RepositoryRoot, "samples");

    private static string Robots => Path.Combine(Samples, "robots");

    /// <summary>The robot goes while its zone is free, from pictures of the demo clip, and stops when the pipeline ends.</summary>
    [Fact]
    public async Task StopAndGo_PipelineOfTheSampleOnTheDemoClip_GoesAndStops()
    {
        using var work = new WorkFolder();
        int mavlink = WorkFolder.FreePort();

        // What is two metres below the floor is free in every room.
        string text = File.ReadAllText(Path.Combine(Robots, "pipeline.yaml"))
            .Replace("source: /dev/video0", $"source: {{address: {Path.Combine(Samples, "demo", "room.mp4")}, loop: true}}", StringComparison.Ordinal)
            .Replace("{name: stop, box: {x_m: [0.5, 1.2], y_m: [-0.3, 0.3]}}",
                "{name: stop, box: {x_m: [5, 9], y_m: [-1, 1]}, min_height_m: -3, max_height_m: -2, max_hidden: 1}", StringComparison.Ordinal)
            .Replace("5556", work.ZeroMqPort.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("14550", mavlink.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
        Assert.Contains("min_height_m: -3", text, StringComparison.Ordinal);
        using var autopilot = new System.Net.Sockets.UdpClient(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, mavlink));
        string program = Path.Combine(Robots, "stop_and_go.py");
        using ExternalProcess python = await Consumers.RunAsync(
            $"exec(open({JsonSerializer.Serialize(program)}).read())", ["zmq"], "--connect", $"tcp://127.0.0.1:{work.ZeroMqPort}", "--camera", "robot/camera",
            "--changes", "2");
        Task<int> end = python.WaitAsync(TimeSpan.FromSeconds(90));
        await using var run = Vbedge.Start("run", work.Write("robot.yaml", text), "--json", "--no-view");

        await python.WaitForLineAsync(line => line.StartsWith("go free", StringComparison.Ordinal), TimeSpan.FromSeconds(60));

        // OBSTACLE_DISTANCE and the heartbeat of a companion, MAVLink 2.
        var ids = new HashSet<int>();
        while (ids.Count < 2)
        {
            byte[] frame = (await autopilot.ReceiveAsync().WaitAsync(TimeSpan.FromSeconds(30))).Buffer;
            Assert.Equal(0xFD, frame[0]);
            ids.Add(frame[7] | (frame[8] << 8) | (frame[9] << 16));
        }

        Assert.Equal([0, 330], ids.Order());
        run.Interrupt();
        Vbedge.Result result = await run.ExitAsync();
        Assert.True(result.ExitCode == 130, result.ToString());
        Assert.True(await end == 0, python.Errors);
        Assert.StartsWith("stop unknown", python.Output[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Nav2_Topics_AreThoseOfTheBridgeWithTheirTypes()
    {
        string nav2 = File.ReadAllText(Path.Combine(Robots, "nav2.yaml")), bridge = File.ReadAllText(Path.Combine(Samples, "ros2", "mqtt_client.yaml"));
        (string Topic, string Type)[] sources = [.. Sources().Matches(nav2).Select(m => (m.Groups[1].Value, m.Groups[2].Value))];

        Assert.Equal([("/camera/scan", "LaserScan"), ("/camera/points", "PointCloud2")], sources);
        Assert.All(sources, source => Assert.Contains($"ros_topic: {source.Topic}\n", bridge, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("ardupilot.param", "^[A-Z][A-Z0-9_]{2,15},-?[0-9.]+$", "PRX1_TYPE,2")]
    [InlineData("px4.params", "^[A-Z][A-Z0-9_]{2,15}\t-?[0-9.]+$", "CP_DIST\t2.0")]
    public void Parameters_EveryLine_IsOneThatTheAutopilotLoads(string file, string form, string needed)
    {
        string[] lines = [.. File.ReadLines(Path.Combine(Robots, file)).Where(line => line.Length > 0 && line[0] != '#')];
        Assert.Contains(needed, lines);
        Assert.All(lines, line => Assert.Matches(form, line));
    }

    [GeneratedRegex(@"topic: (\S+)\s+data_type: (\S+)")]
    private static partial Regex Sources();
}
