using System.Text.Json;
using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Instructions;
using VisionBanana.Edge.Messages;
using VisionBanana.Edge.Messages.Ros;
using VisionBanana.Edge.Navigation;
using VisionBanana.Edge.Perception;
using VisionBanana.Edge.Scale;
using VisionBanana.Edge.Tests.Navigation;
using VisionBanana.Edge.Tests.Shared;

namespace VisionBanana.Edge.Tests.Messages;

/// <summary>Scan, zones and objects as they travel.</summary>
public sealed class SurroundingsMessagesTests
{
    private static readonly int[] Times = [0, 100, 500, 1100];

    private static readonly CameraMount Mount = Views.Mount(0.8, 5, 0, 30, 0.2);

    private static readonly NavigationOptions Options = new()
    {
        Mount = Mount,
        Detections = new DetectionOptions { BirthCount = 1 },
        Zones = [new ZoneOptions { Name = "ahead", Shape = new SectorZone(10, 50, 4), MaxHidden = 1 }],
    };

    private static readonly StreamOptions Small = new() { Color = null, Painting = null, Depth = null, Cloud = null, Labels = null, Instances = null };

    [Fact]
    public void Encode_SceneWithAPerson_IsToldInEveryForm()
    {
        var encoder = new MessageEncoder(Small with { Mount = Mount }, new MarkedImageEncoder());
        using EncodedFrame encoded = Encode(encoder, new Navigator(Options), 1);

        Assert.All(encoded.Messages, message => Assert.Null(MessageValidator.WhyMalformed(message)));
        Assert.Equal(
            ["tf_static", "scan", "detections", "detections_robot", "detections_picture", "zones/ahead", "objects"],
            encoded.Messages.Select(m => m.Stream).Except(["camera_info"]));

        LaserScan scan = RosMessage.Decode<LaserScan>(Of(encoded, "scan").Payload);
        Assert.Equal("camera_scan", scan.Header.FrameId);
        Assert.InRange(scan.Ranges.Span[scan.Ranges.Length / 2], 2.7f, 2.8f);
        WireMessage wire = Of(encoded, "scan");
        Assert.Equal(scan.Ranges.Span[3], BitConverter.ToSingle(wire.Payload.Span[(wire.DataOffset + 12)..]));

        TFMessage tree = RosMessage.Decode<TFMessage>(Of(encoded, "tf_static").Payload);
        TransformStamped level = tree.Transforms.Single(t => t.ChildFrameId == "camera_scan");
        Assert.Equal("base_link", level.Header.FrameId);
        Assert.Equal(Math.Sin(double.DegreesToRadians(15)), level.Transform.Rotation.Z, 1e-5);
        Assert.Equal(0, level.Transform.Rotation.X, 1e-5);
        Assert.Equal(0, level.Transform.Rotation.Y, 1e-5);

        Detection3D person = RosMessage.Decode<Detection3DArray>(Of(encoded, "detections_robot").Payload).Detections.Single();
        Assert.Equal(("1", "person", "base_link"), (person.Id, person.Results[0].Hypothesis.ClassId, person.Header.FrameId));
        Assert.InRange(person.Bbox.Center.Position.X, 2.4, 2.9);
        Assert.Equal("camera_optical", RosMessage.Decode<Detection3DArray>(Of(encoded, "detections").Payload).Detections.Single().Header.FrameId);
        Assert.InRange(RosMessage.Decode<Detection2DArray>(Of(encoded, "detections_picture").Payload).Detections.Single().Bbox.SizeY, 60, 120);

        JsonElement zone = JsonDocument.Parse(Of(encoded, "zones/ahead").Payload).RootElement;
        Assert.Equal("occupied", zone.GetProperty("state").GetString());
        Assert.Equal("person", zone.GetProperty("nearest").GetProperty("class").GetString());
        Assert.Equal(30, zone.GetProperty("nearest").GetProperty("bearing_deg").GetDouble(), 8.0);

        JsonElement found = JsonDocument.Parse(Of(encoded, "objects").Payload).RootElement.GetProperty("objects")[0];
        Assert.Equal(1, found.GetProperty("id").GetInt32());
        Assert.Equal([144, 192], found.GetProperty("segmentation").GetProperty("size").EnumerateArray().Select(e => e.GetInt32()));
    }

    [Fact]
    public void Encode_MountThatMoves_IsToldAgain()
    {
        var encoder = new MessageEncoder(Small with { Mount = Mount }, new MarkedImageEncoder());
        var navigator = new Navigator(Options);
        string PoseOf(CameraMount? live)
        {
            using EncodedFrame encoded = Encode(encoder, navigator, 1, live);
            TFMessage tree = RosMessage.Decode<TFMessage>(Of(encoded, "tf_static").Payload);
            Quaternion turn = tree.Transforms.Single(t => t.ChildFrameId == "camera_scan").Transform.Rotation;
            return FormattableString.Invariant($"{tree.Transforms[0].Transform.Translation.Z:0.000} {double.RadiansToDegrees(2 * Math.Asin(turn.Z)):0.00}");
        }

        CameraMount Turned(double yaw) => Views.Mount(0.8, 5, 0, yaw, 0.2);
        string[] told = [PoseOf(null), PoseOf(Turned(50)), PoseOf(Turned(50.05)), PoseOf(Turned(10)), PoseOf(null)];

        Assert.Equal(["0.800 30.00", "0.800 50.00", "0.800 50.00", "0.800 10.00", "0.800 10.00"], told);
    }

    [Fact]
    public void Encode_ScaleThatIsNotSure_SaysNothingOfDistances()
    {
        var encoder = new MessageEncoder(Small with { Mount = Mount }, new MarkedImageEncoder());
        var navigator = new Navigator(Options);
        using (EncodedFrame sure = Encode(encoder, navigator, 0))
        {
            Assert.Equal("occupied", StateOf(sure).GetProperty("state").GetString());
        }

        using EncodedFrame unsure = Encode(encoder, navigator, 100, isTrusted: false);
        Assert.Equal(["zones/ahead"], unsure.Messages.Select(m => m.Stream).Except(["camera_info", "tf_static", "zone_events"]));
        Assert.Equal("unknown", StateOf(unsure).GetProperty("state").GetString());
        Assert.Contains("min_scale_confidence", StateOf(unsure).GetProperty("reason").GetString(), StringComparison.Ordinal);

        static JsonElement StateOf(EncodedFrame encoded) => JsonDocument.Parse(Of(encoded, "zones/ahead").Payload).RootElement;
    }

    [Fact]
    public void Encode_ZoneThatDoesNotChange_IsTheSameMessageUntilItIsToldAgain()
    {
        var encoder = new MessageEncoder(Small, new MarkedImageEncoder());
        var navigator = new Navigator(Options);
        WireMessage[] told = [.. Times.Select(ms =>
        {
            using EncodedFrame encoded = Encode(encoder, navigator, ms);
            return Of(encoded, "zones/ahead");
        })];

        Assert.Same(told[0], told[1]);
        Assert.Same(told[0], told[2]);
        Assert.NotSame(told[0], told[3]);
        Assert.True(told[0].IsState && told[0].HoldsFor > TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void Encode_ZoneThatChanges_IsAnEvent()
    {
        var encoder = new MessageEncoder(Small, new MarkedImageEncoder());
        var navigator = new Navigator(Options);
        using (EncodedFrame first = Encode(encoder, navigator, 0, at: 6))
        {
            Assert.DoesNotContain(first.Messages, m => m.Stream == WireTopics.ZoneEventsStream);
        }

        using EncodedFrame second = Encode(encoder, navigator, 100);
        JsonElement change = JsonDocument.Parse(Of(second, WireTopics.ZoneEventsStream).Payload).RootElement;
        Assert.Equal(("free", "occupied"), (change.GetProperty("before").GetString(), change.GetProperty("state").GetString()));
    }

    [Theory]
    [InlineData("vb/v1/robot/camera/zones/stop", "zones/stop")]
    [InlineData("vb/v1/robot/camera/zone_events", "zone_events")]
    [InlineData("vb/v1/robot/camera/objects", "objects")]
    public void TryGetStream_TopicsOfJson_ArePlain(string topic, string expected)
    {
        Assert.True(WireTopics.TryGetStream(topic, out string? stream));
        Assert.Equal(expected, stream);
        Assert.True(WireTopics.IsPlain(stream));
    }

    private static WireMessage Of(EncodedFrame encoded, string stream) => encoded.Messages.Single(m => m.Stream == stream);

    private static EncodedFrame Encode(MessageEncoder encoder, Navigator navigator, int ms, CameraMount? live = null, float at = 3, bool isTrusted = true)
    {
        (float s, float c) = MathF.SinCos(float.DegreesToRadians(30));
        var scene = new Scene { People = { (new(0.2f + (c * at), s * at), 0.25f, 1.7f) } };
        Assert.True(PerceptionFrame.CreatePool(1, 192, 144).TryRent(out PerceptionFrame? frame));
        using (frame)
        {
            (float[] depths, int[] what) = scene.Render(Views.Camera, Mount);
            Percept depth = frame.Add(Instruction.MetricDepth()), people = frame.Add(Instruction.Instances("person", default));
            depths.CopyTo(depth.Depth);
            depth.Confidence.Fill(1);
            people.Confidence.Fill(1);
            for (int i = 0; i < what.Length; i++)
            {
                people.Labels[i] = (ushort)(what[i] >= 2 ? 1 : 0);
            }

            (frame.Intrinsics, frame.FrameId, frame.CapturedAt) = (Views.Camera, "camera_optical", new CaptureTime(ms * 1_000_000L, ms * 1_000_000L));
            frame.Mount = live;
            frame.Scale = new ScaleEstimate(1, 0.1, [], IsTrusted: isTrusted);
            navigator.Update(PictureNavigation.InputOf(frame, live ?? Mount), frame.AddSurroundings());
            Assert.True(encoder.TryEncode(frame, out EncodedFrame? encoded));
            return encoded;
        }
    }
}
