using System.Collections.Immutable;
using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Geometry;
using VisionBanana.Edge.Messages;
using VisionBanana.Edge.Messages.Ros;
using PointField = VisionBanana.Edge.Messages.Ros.PointField;

namespace VisionBanana.Edge.Tests.Messages.Ros;

/// <summary>One message of each type, with lengths that make padding appear.</summary>
internal static class Samples
{
    public static Header Header { get; } = new(new Time(1_700_000_000, 123_456_789), "camera_optical");

    public static Image Image { get; } = new(Header, 2, 3, "16UC1", false, 6, new byte[] { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 });

    public static CompressedImage CompressedImage { get; } = new(Header with { FrameId = "c" }, "png", new byte[] { 0x89, 0x50, 0x4E, 0x47, 1 });

    public static CameraInfo CameraInfo { get; } = CameraInfo.From(
        new CameraIntrinsics(640, 480, 500.5, 501.25, 319.5, 239.5) { Distortion = [0.1, -0.2, 0.001, -0.002, 0.05] }, Header);

    public static LabelInfo LabelInfo { get; } = new(Header, [new VisionClass(0, "background"), new VisionClass(7, "lions"), new VisionClass(255, "")], 0.25f);

    public static DiagnosticArray DiagnosticArray { get; } = new(
        Header with { FrameId = "" },
        [
            DiagnosticsMessage.Status("pipeline", DiagnosticLevel.Ok, "running", "jetson-1", ("fps", "29.9"), ("drops.superseded", "3")),
            DiagnosticsMessage.Status("mqtt", DiagnosticLevel.Warn, "reconnecting", ""),
        ]);

    public static PointCloud2 PointCloud2
    {
        get
        {
            var writer = new CdrWriter();
            PointCloud2.Write(writer, Header, Points(2, 2), 2, 2, 1);
            return RosMessage.Decode<PointCloud2>(writer.Written.ToArray());
        }
    }

    public static TransformStamped TransformStamped { get; } = new(
        Header with { FrameId = "base_link" }, "camera_optical", new Transform(new Vector3(0.25, -0.5, 1.125), new Quaternion(-0.5, 0.5, -0.5, 0.5)));

    public static CompressedPointCloud2 CompressedPointCloud2 { get; } = new(
        Header, 2, 2, PointCloud2.CloudPointFields, false, 24, 48, new byte[] { 0x28, 0xB5, 0x2F, 0xFD, 7 }, true, "zstd");

    public static LaserScan LaserScan { get; } = new(
        Header with { FrameId = "camera_scan" }, -0.5f, 0.5f, 0.5f, 0, 0, 0.25f, 8, new[] { 1.5f, float.PositiveInfinity, float.NaN }, default);

    public static ObjectHypothesisWithPose Hypothesis { get; } = new(
        new ObjectHypothesis("cup", 0.75),
        new PoseWithCovariance(new Pose(new Point(1, -2, 3.5), new Quaternion(0, 0, 0, 1)), [.. Enumerable.Range(0, 36).Select(i => i / 8.0)]));

    public static Detection2D Detection2D { get; } = new(Header, [Hypothesis], new BoundingBox2D(new Pose2D(new Point2D(10.5, 20), 0), 30, 40), "7");

    public static Detection3D Detection3D { get; } = new(Header, [Hypothesis, Hypothesis], new BoundingBox3D(Hypothesis.Pose.Pose, new Vector3(1, 2, 3)), "12");

    /// <summary>Every message as it travels, by schema.</summary>
    public static ImmutableDictionary<string, byte[]> Encoded { get; } = new Dictionary<string, byte[]>
    {
        [Time.Schema] = RosMessage.Encode(Header.Stamp),
        [Header.Schema] = RosMessage.Encode(Header),
        [Image.Schema] = RosMessage.Encode(Image),
        [CompressedImage.Schema] = RosMessage.Encode(CompressedImage),
        [CameraInfo.Schema] = RosMessage.Encode(CameraInfo),
        [RegionOfInterest.Schema] = RosMessage.Encode(new RegionOfInterest(1, 2, 3, 4, true)),
        [PointField.Schema] = RosMessage.Encode(new PointField("x", 4, PointFieldType.Float32)),
        [PointCloud2.Schema] = RosMessage.Encode(PointCloud2),
        [CompressedPointCloud2.Schema] = RosMessage.Encode(CompressedPointCloud2),
        [Vector3.Schema] = RosMessage.Encode(new Vector3(1, -2, 0.5)),
        [Quaternion.Schema] = RosMessage.Encode(new Quaternion(0, 0.6, 0, 0.8)),
        [Transform.Schema] = RosMessage.Encode(TransformStamped.Transform),
        [TransformStamped.Schema] = RosMessage.Encode(TransformStamped),
        [TFMessage.Schema] = RosMessage.Encode(new TFMessage([TransformStamped, TransformStamped with { ChildFrameId = "imu" }])),
        [VisionClass.Schema] = RosMessage.Encode(new VisionClass(3, "cup")),
        [LabelInfo.Schema] = RosMessage.Encode(LabelInfo),
        [KeyValue.Schema] = RosMessage.Encode(new KeyValue("k", "v")),
        [DiagnosticStatus.Schema] = RosMessage.Encode(DiagnosticArray.Status[0]),
        [DiagnosticArray.Schema] = RosMessage.Encode(DiagnosticArray),
        [LaserScan.Schema] = RosMessage.Encode(LaserScan),
        [Point.Schema] = RosMessage.Encode(Hypothesis.Pose.Pose.Position),
        [Pose.Schema] = RosMessage.Encode(Hypothesis.Pose.Pose),
        [PoseWithCovariance.Schema] = RosMessage.Encode(Hypothesis.Pose),
        [Point2D.Schema] = RosMessage.Encode(Detection2D.Bbox.Center.Position),
        [Pose2D.Schema] = RosMessage.Encode(Detection2D.Bbox.Center),
        [BoundingBox2D.Schema] = RosMessage.Encode(Detection2D.Bbox),
        [BoundingBox3D.Schema] = RosMessage.Encode(Detection3D.Bbox),
        [ObjectHypothesis.Schema] = RosMessage.Encode(Hypothesis.Hypothesis),
        [ObjectHypothesisWithPose.Schema] = RosMessage.Encode(Hypothesis),
        [Detection2D.Schema] = RosMessage.Encode(Detection2D),
        [Detection2DArray.Schema] = RosMessage.Encode(new Detection2DArray(Header, [Detection2D, Detection2D with { Id = "" }])),
        [Detection3D.Schema] = RosMessage.Encode(Detection3D),
        [Detection3DArray.Schema] = RosMessage.Encode(new Detection3DArray(Header, [Detection3D, Detection3D with { Id = "" }])),
    }.ToImmutableDictionary();

    /// <summary>Decodes a payload as the type named and encodes it again.</summary>
    public static byte[] Recode(string schema, byte[] payload) => schema switch
    {
        "builtin_interfaces/msg/Time" => Again<Time>(payload),
        "std_msgs/msg/Header" => Again<Header>(payload),
        "sensor_msgs/msg/Image" => Again<Image>(payload),
        "sensor_msgs/msg/CompressedImage" => Again<CompressedImage>(payload),
        "sensor_msgs/msg/CameraInfo" => Again<CameraInfo>(payload),
        "sensor_msgs/msg/RegionOfInterest" => Again<RegionOfInterest>(payload),
        "sensor_msgs/msg/PointField" => Again<PointField>(payload),
        "sensor_msgs/msg/PointCloud2" => Again<PointCloud2>(payload),
        "point_cloud_interfaces/msg/CompressedPointCloud2" => Again<CompressedPointCloud2>(payload),
        "geometry_msgs/msg/Vector3" => Again<Vector3>(payload),
        "geometry_msgs/msg/Quaternion" => Again<Quaternion>(payload),
        "geometry_msgs/msg/Transform" => Again<Transform>(payload),
        "geometry_msgs/msg/TransformStamped" => Again<TransformStamped>(payload),
        "tf2_msgs/msg/TFMessage" => Again<TFMessage>(payload),
        "vision_msgs/msg/VisionClass" => Again<VisionClass>(payload),
        "vision_msgs/msg/LabelInfo" => Again<LabelInfo>(payload),
        "diagnostic_msgs/msg/KeyValue" => Again<KeyValue>(payload),
        "diagnostic_msgs/msg/DiagnosticStatus" => Again<DiagnosticStatus>(payload),
        "diagnostic_msgs/msg/DiagnosticArray" => Again<DiagnosticArray>(payload),
        "sensor_msgs/msg/LaserScan" => Again<LaserScan>(payload),
        "geometry_msgs/msg/Point" => Again<Point>(payload),
        "geometry_msgs/msg/Pose" => Again<Pose>(payload),
        "geometry_msgs/msg/PoseWithCovariance" => Again<PoseWithCovariance>(payload),
        "vision_msgs/msg/Point2D" => Again<Point2D>(payload),
        "vision_msgs/msg/Pose2D" => Again<Pose2D>(payload),
        "vision_msgs/msg/BoundingBox2D" => Again<BoundingBox2D>(payload),
        "vision_msgs/msg/BoundingBox3D" => Again<BoundingBox3D>(payload),
        "vision_msgs/msg/ObjectHypothesis" => Again<ObjectHypothesis>(payload),
        "vision_msgs/msg/ObjectHypothesisWithPose" => Again<ObjectHypothesisWithPose>(payload),
        "vision_msgs/msg/Detection2D" => Again<Detection2D>(payload),
        "vision_msgs/msg/Detection2DArray" => Again<Detection2DArray>(payload),
        "vision_msgs/msg/Detection3D" => Again<Detection3D>(payload),
        "vision_msgs/msg/Detection3DArray" => Again<Detection3DArray>(payload),
        _ => throw new ArgumentOutOfRangeException(nameof(schema), schema, "No sample of this type."),
    };

    /// <summary>Points whose values tell their row and column.</summary>
    public static CloudPoint[] Points(int width, int height)
    {
        var points = new CloudPoint[width * height];
        for (int i = 0; i < points.Length; i++)
        {
            points[i] = new CloudPoint
            {
                X = i % width,
                Y = i / width,
                Z = 1.5f + i,
                Rgb = 0x00102030u + (uint)i,
                Confidence = 0.5f,
                Label = (ushort)(i + 1),
            };
        }

        return points;
    }

    private static byte[] Again<T>(byte[] payload)
        where T : IRosMessage<T> => RosMessage.Encode(RosMessage.Decode<T>(payload));
}
