using System.Net;
using System.Net.Sockets;
using System.Text;
using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Mavlink;
using VisionBanana.Edge.Messages.Ros;
using VisionBanana.Edge.Scale;
using VisionBanana.Edge.Sensors;

namespace VisionBanana.Edge.Tests.Sensors;

public sealed class SensorInputTests
{
    private static readonly Header Now = new(Time.FromNanoseconds(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() * 1_000_000), "base_link");

    private readonly RangeFeed _range = new();
    private readonly MountFeed _mount = new(new MountFeedOptions { LowPass = TimeSpan.Zero });
    private readonly PointsFeed _points = new();

    private SensorInput[] All =>
        [new RangeInput(_range), new HeightInput(_mount), new ImuInput(_mount), new PoseInput(_mount, "base_link"), new PointsInput(_points)];

    [Fact]
    public void Take_RosRange_IsTheDistanceAtItsStamp()
    {
        var input = new RangeInput(_range);

        Assert.Equal(AnchorRefusal.None, input.Take(RosMessage.Encode(new VisionBanana.Edge.Messages.Ros.Range(Now, 1, 0.1f, 0.05f, 4, 1.25f))));
        Assert.Equal(AnchorRefusal.Invalid, input.Take(RosMessage.Encode(new VisionBanana.Edge.Messages.Ros.Range(Now, 1, 0.1f, 0.05f, 4, 4.5f))));

        Assert.Equal(AnchorRefusal.None, _range.TryFind(Now.Stamp.Nanoseconds, TimeSpan.FromMilliseconds(1), out double metres));
        Assert.Equal(1.25, metres);
    }

    [Theory]
    [InlineData("{\"range_m\": 1.5}", 1.5)]
    [InlineData("2.25", 2.25)]
    [InlineData("{\"range_m\": 3, \"other\": [1]}", 3)]
    public void Take_JsonRange_IsTheDistance(string json, double expected)
    {
        Assert.Equal(AnchorRefusal.None, new RangeInput(_range).Take(Encoding.UTF8.GetBytes(json)));
        _range.TryFind(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() * 1_000_000, TimeSpan.FromSeconds(5), out double metres);
        Assert.Equal(expected, metres);
    }

    [Fact]
    public void Take_RosImu_IsGravity()
    {
        byte[] level = RosMessage.Encode(new Imu(Now, new Quaternion(0, 0, 0, 1), default, new VisionBanana.Edge.Messages.Ros.Vector3(0, -9.81, 0)));

        Assert.Equal(AnchorRefusal.None, new ImuInput(_mount).Take(level));

        Assert.Equal(-1, _mount.At(Now.Stamp.Nanoseconds)!.UpY, 6);
        byte[] none = RosMessage.Encode(new Imu(Now, default, default, default, HasAcceleration: false));
        Assert.Equal(AnchorRefusal.Invalid, new ImuInput(_mount).Take(none));
    }

    [Fact]
    public void Take_RosPose_IsTheMount()
    {
        PoseStamped Pose(double z, Header header) => new(header, new Pose(new Point(0, 0, z), new Quaternion(0, 0, 0, 1)));
        var input = new PoseInput(_mount, "base_link", floorZ: 0.1);

        Assert.Equal(AnchorRefusal.None, input.Take(RosMessage.Encode(Pose(0.9, Now))));
        Assert.Equal(0.8, _mount.At(Now.Stamp.Nanoseconds)!.HeightM!.Value, 6);

        Assert.Equal(AnchorRefusal.OtherFrame, input.Take(RosMessage.Encode(Pose(0.9, Now with { FrameId = "map" }))));
        Assert.Equal(AnchorRefusal.Invalid, input.Take(RosMessage.Encode(Pose(0.05, Now))));
    }

    [Fact]
    public void Take_JsonPose_IsTheMount()
    {
        Assert.Equal(AnchorRefusal.None, new PoseInput(_mount).Take("{\"height_m\": 0.5, \"pitch_deg\": 20}"u8.ToArray()));

        SupportPlane plane = _mount.At(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() * 1_000_000)!, expected = SupportPlane.OfAngles(0.5, 20);
        Assert.Equal(expected.UpZ, plane.UpZ, 6);
        Assert.Equal(0.5, plane.HeightM!.Value, 6);
    }

    [Fact]
    public void Take_AnyBytes_CountsAndNeverThrows()
    {
        var random = new Random(6);
        byte[][] good =
        [
            RosMessage.Encode(new VisionBanana.Edge.Messages.Ros.Range(Now, 1, 0.1f, 0.05f, 4, 1.25f)),
            RosMessage.Encode(new Imu(Now, default, default, new VisionBanana.Edge.Messages.Ros.Vector3(0, 0, 9.81))),
            RosMessage.Encode(new PoseStamped(Now, new Pose(new Point(0, 0, 1), new Quaternion(0, 0, 0, 1)))),
            Encoding.UTF8.GetBytes("{\"range_m\": 1.5, \"height_m\": 2, \"acceleration\": [0, 0, 9.8], \"points_m\": [[0, 0, 1]], \"stamp_ns\": 5}"),
            Encoding.UTF8.GetBytes("{\"position_m\": [0, 0, 1], \"quaternion\": [0, 0, 0, 1], \"frame_id\": \"base_link\", \"stamp\": 1e300}"),
        ];
        foreach (SensorInput input in All)
        {
            for (int i = 0; i < 3000; i++)
            {
                byte[] bytes = [.. good[random.Next(good.Length)]];
                for (int k = random.Next(4); k > 0; k--)
                {
                    bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
                }

                input.Take(random.Next(5) == 0 ? bytes.AsMemory(0, random.Next(bytes.Length)) : bytes);
            }

            input.Take(default);
            input.Take(new byte[SensorInput.MaxBytes + 1]);
            Assert.NotNull(input.Problem);
            Assert.True(input.Counts[AnchorRefusal.Invalid] > 1000);
        }
    }

    [Fact]
    public async Task MavlinkRange_DatagramsOfAnAutopilot_AreTheDistance()
    {
        using var sender = new UdpClient();
        await using var link = new MavlinkRange(new IPEndPoint(IPAddress.Loopback, 0), _range);
        await link.StartAsync(TestContext.Current.CancellationToken);
        byte[] frame = new byte[MavlinkFrame.MaxLength], payload = new byte[39];
        (payload[6], payload[7], payload[8]) = (0xA0, 0x0F, 150);
        int length = MavlinkFrame.Write(frame, MavlinkMessage.DistanceSensor, payload, 1, 1, 1);
        for (int i = 0; i < 100 && _range.Counts.Used == 0; i++)
        {
            await sender.SendAsync(new byte[] { 0xFD, 1, 2 }, 3, (IPEndPoint)link.LocalEndPoint!);
            await sender.SendAsync(frame, length, (IPEndPoint)link.LocalEndPoint!);
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        long now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() * 1_000_000;
        Assert.Equal(AnchorRefusal.None, _range.TryFind(now, TimeSpan.FromSeconds(30), out double metres));
        Assert.Equal(1.5, metres);
    }

    [Fact]
    public void MavlinkRange_NothingSeenOrAnotherDirection_DoesNotCount()
    {
        var link = new MavlinkRange(new IPEndPoint(IPAddress.Loopback, 0), _range);
        foreach ((byte centimetres, byte orientation, byte quality) in new (byte, byte, byte)[] { (250, 0, 0), (5, 0, 0), (100, 25, 0), (100, 0, 1) })
        {
            byte[] frame = new byte[MavlinkFrame.MaxLength], payload = new byte[39];
            (payload[4], payload[6], payload[8], payload[12], payload[38]) = (10, 250, centimetres, orientation, quality);
            link.Take(frame.AsSpan(0, MavlinkFrame.Write(frame, MavlinkMessage.DistanceSensor, payload, 1, 1, 1)));
        }

        Assert.Equal(0, _range.Counts.Used);
        Assert.Equal(3, _range.Counts[AnchorRefusal.Invalid]);
    }
}
