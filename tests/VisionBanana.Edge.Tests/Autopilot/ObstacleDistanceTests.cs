using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using VisionBanana.Edge.Autopilot;
using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Instructions;
using VisionBanana.Edge.Mavlink;
using VisionBanana.Edge.Navigation;
using VisionBanana.Edge.Perception;
using VisionBanana.Edge.Tests.Navigation;
using VisionBanana.Edge.Tests.Shared;

namespace VisionBanana.Edge.Tests.Autopilot;

public sealed class ObstacleDistanceTests
{
    /// <summary>A post 2 m ahead and 20° to the right of the camera.</summary>
    private static readonly Scene Post = new() { Boxes = { (new(1.85f, -0.72f, 0), new(1.95f, -0.64f, 1.5f)) } };

    [Theory]
    [InlineData(0)]
    [InlineData(90)]
    [InlineData(-135)]
    public async Task Obstacles_ReadByNodeMavlink_AreWhereTheyStand(double yaw)
    {
        CameraMount mount = Views.Mount(0.5, 0, 0, yaw);
        var distances = new ObstacleDistances(mount);
        distances.Take(Look(Post));
        JsonElement[] read = await ReadAsync(Frame(new MavlinkWriter(7, 196), distances), new MavlinkWriter(7, 196).Heartbeat().ToArray());

        JsonElement data = read[0].GetProperty("data");
        Assert.Equal((330, 7, 196), (Number(read[0], "msgid"), Number(read[0], "sysid"), Number(read[0], "compid")));
        Assert.Equal("OBSTACLE_DISTANCE", read[0].GetProperty("name").GetString());
        Assert.Equal(12, Number(data, "frame"));
        Assert.Equal("1700000000123456", data.GetProperty("timeUsec").ToString());
        int[] cm = [.. data.GetProperty("distances").EnumerateArray().Select(d => d.GetInt32())];
        Assert.Equal(72, cm.Length);
        Assert.Equal(1000, Number(data, "maxDistance"));
        int nearest = Array.IndexOf(cm, cm.Min());
        double clockwise = data.GetProperty("angleOffset").GetDouble() + (nearest * data.GetProperty("incrementF").GetDouble());

        // A camera that looks left (yaw 90°) has its right at the vehicle's front.
        double expected = double.RadiansToDegrees(Math.Atan2(0.68, 1.85)) - yaw;
        Assert.Equal(0, Math.IEEERemainder(clockwise - expected, 360), 1.5);
        Assert.InRange(cm[nearest], 193, 201);
        Assert.Equal(1001, cm[0]);

        JsonElement beat = read[1].GetProperty("data");
        Assert.Equal((0, 18, 8, 4, 3), (
            Number(read[1], "msgid"), Number(beat, "type"), Number(beat, "autopilot"), Number(beat, "systemStatus"), Number(beat, "mavlinkVersion")));
    }

    [Fact]
    public void Take_UnknownAndTooClose_AreNeverFree()
    {
        CameraMount mount = Views.Mount(0.5);
        float[] depth = new float[192 * 144];
        depth.AsSpan().Fill(float.NaN);
        var distances = new ObstacleDistances(null);
        distances.Take(Views.Look(new NavigationOptions { Mount = mount }, Views.Camera, depth).Scan!);
        Assert.All(distances.Distances.ToArray(), d => Assert.Equal(ushort.MaxValue, d));
        depth.AsSpan().Fill(float.NegativeInfinity);
        distances.Take(Views.Look(new NavigationOptions { Mount = mount }, Views.Camera, depth).Scan!);
        Assert.All(distances.Distances.ToArray(), d => Assert.Equal(distances.MinCm, d));
        distances.Forget();
        Assert.All(distances.Distances.ToArray(), d => Assert.Equal(ushort.MaxValue, d));
    }

    [Fact]
    public async Task Show_OverUdp_SendsHeartbeatAndObstaclesAtTheRate()
    {
        using var autopilot = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        int port = ((IPEndPoint)autopilot.Client.LocalEndPoint!).Port;
        await using var sink = new ObstacleDistanceSink(new ObstacleDistanceOptions { Address = $"udpout:127.0.0.1:{port}", RateHz = 100, SystemId = 3 });
        await sink.StartAsync(TestContext.Current.CancellationToken);
        using PerceptionFrame frame = Frame(Post);
        Assert.Null(sink.Show(frame));
        for (int i = 0; i < 50; i++)
        {
            Assert.Null(sink.Show(frame));
        }

        var ids = new List<int>();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!(ids.Contains(0) && ids.Contains(330)))
        {
            byte[] got = (await autopilot.ReceiveAsync(limit.Token)).Buffer;
            Assert.Equal(0xFD, got[0]);
            Assert.Equal(3, got[5]);
            ids.Add(got[7] | (got[8] << 8));
        }

        Assert.InRange(ids.Count(id => id == 330), 1, 20);
    }

    [Fact]
    public async Task Show_Listening_AnswersWhoSpokeAndTellsUnknownWhenScansEnd()
    {
        var options = new ObstacleDistanceOptions { Address = "udpin:127.0.0.1:0", Timeout = TimeSpan.FromMilliseconds(50) };
        await using var sink = new ObstacleDistanceSink(options);
        await sink.StartAsync(TestContext.Current.CancellationToken);
        using PerceptionFrame frame = Frame(Post);
        Assert.NotNull(sink.Show(frame));
        using var autopilot = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        autopilot.Connect((IPEndPoint)sink.LocalEndPoint!);
        await autopilot.SendAsync(new byte[] { 1, 2, 3, 4, 5, 6, 7, 8, 9 }, TestContext.Current.CancellationToken);
        await autopilot.SendAsync(new MavlinkWriter(1, 1).Heartbeat(), TestContext.Current.CancellationToken);

        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        byte[] got = [];
        while (got.Length < 100)
        {
            got = (await autopilot.ReceiveAsync(limit.Token)).Buffer;
        }

        for (int i = 0; i < 72; i++)
        {
            Assert.Equal(ushort.MaxValue, BinaryPrimitives.ReadUInt16LittleEndian(got.AsSpan(10 + 8 + (2 * i))));
        }
    }

    [Theory]
    [InlineData("udp:127.0.0.1:14550")]
    [InlineData("udpout:127.0.0.1")]
    [InlineData("udpout:127.0.0.1:0")]
    [InlineData("udpout::14550")]
    [InlineData("udpin:0.0.0.0:70000")]
    [InlineData("")]
    public void Problems_AddressThatIsNone_IsTold(string address)
    {
        ConfigurationException error = Assert.Throws<ConfigurationException>(
            () => new ObstacleDistanceSink(new() { Address = address, SystemId = 0, RateHz = 0 }));
        Assert.Contains("expected udpout:HOST:PORT", error.Message, StringComparison.Ordinal);
        Assert.Contains("system_id is 0", error.Message, StringComparison.Ordinal);
        Assert.Contains("rate_hz is 0", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Take_Repeated_AllocatesNothing()
    {
        ObstacleScan scan = Look(Post);
        var distances = new ObstacleDistances(Views.Mount(0.5));
        var writer = new MavlinkWriter(1, 196);
        void Again()
        {
            distances.Take(scan);
            writer.Obstacles(0, distances.Distances, 1, 2, 3, 4);
        }

        Again();
        Assert.Equal(0, Allocation.Of(Again));
    }

    private static int Number(JsonElement element, string name) => element.GetProperty(name).GetInt32();

    private static byte[] Frame(MavlinkWriter writer, ObstacleDistances distances) => writer.Obstacles(
        1_700_000_000_123_456, distances.Distances, distances.MinCm, distances.MaxCm, distances.FirstDegrees, distances.IncrementDegrees).ToArray();

    /// <summary>The camera looks along its robot's x: what it sees does not depend on how the vehicle turned it.</summary>
    private static ObstacleScan Look(Scene scene) => Views.Scan(scene, Views.Mount(0.5));

    private static PerceptionFrame Frame(Scene scene)
    {
        Assert.True(PerceptionFrame.CreatePool(1, 192, 144).TryRent(out PerceptionFrame? frame));
        Percept depth = frame.Add(Instruction.MetricDepth());
        scene.Render(Views.Camera, Views.Mount(0.5)).Depth.CopyTo(depth.Depth);
        depth.Confidence.Fill(1);
        frame.Intrinsics = Views.Camera;
        new Navigator(new NavigationOptions { Mount = Views.Mount(0.5) }).Update(
            PictureNavigation.InputOf(frame, Views.Mount(0.5)), frame.AddSurroundings());
        return frame;
    }

    private static async Task<JsonElement[]> ReadAsync(params byte[][] frames)
    {
        string folder = Path.Combine(Nearby.RepositoryRoot, "tests", "interop");
        string? node = ExternalProcess.Find("node");
        Assert.SkipWhen(node is null, "node is not installed");
        Assert.SkipUnless(
            Directory.Exists(Path.Combine(folder, "node_modules", "node-mavlink")), "the npm packages are not installed: run `npm ci` in tests/interop");
        using var process = new ExternalProcess(
            node, [Path.Combine(folder, "mavlink.mjs")], Convert.ToBase64String([.. frames.SelectMany(f => f)]));
        Assert.True(await process.WaitAsync(TimeSpan.FromSeconds(60)) == 0, process.Errors);
        return [.. process.Output.Select(line => JsonDocument.Parse(line).RootElement)];
    }
}
