using VisionBanana.Edge.Configuration;

namespace VisionBanana.Edge.Calibration.Formats;

/// <summary>ROS camera_info: the calibrators' file, and the message as <c>ros2 topic echo</c> or Foxglove print it.</summary>
internal sealed class RosFormat : CalibrationFormat
{
    public override string Name => "ros";

    public override string Description => "ROS camera_info";

    public override string FileName => "*.yaml";

    public override IReadOnlyList<DistortionModel> Models => Enum.GetValues<DistortionModel>();

    /// <summary>The keys of ROS, not only those that it shares with OpenCV.</summary>
    public static bool Knows(CalibrationDocument document) => document.Root is { } root
        && (root.Holds("camera_matrix")
            ? root.Holds("distortion_model") || root.Holds("camera_name") || (root.Holds("distortion_coefficients") && !document.IsFileStorage)
            : CameraInfoReader.IsMessage(root) && root.Holds("width") && root.Holds("height"));

    public override bool Recognises(CalibrationDocument document) => Knows(document);

    public override IReadOnlyList<CalibratedCamera> Read(CalibrationDocument document)
    {
        YamlSection root = document.Root!;
        return new CameraInfoReader(root).Read() is { } camera ? [camera] : [];
    }

    public override byte[] Write(IReadOnlyList<CalibratedCamera> cameras) => Bytes(CameraInfoYaml.Format(cameras[0].Intrinsics));
}
