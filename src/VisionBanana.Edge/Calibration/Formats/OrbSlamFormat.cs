using System.Globalization;
using System.Text;
using VisionBanana.Edge.Configuration;

namespace VisionBanana.Edge.Calibration.Formats;

/// <summary>
/// Settings of ORB-SLAM2 and ORB-SLAM3: <c>Camera.fx</c> or <c>Camera1.fx</c>, <c>Camera2.fx</c>. Settings of the tracker itself are left
/// to it; an unknown key of a camera is refused.
/// </summary>
internal sealed class OrbSlamFormat : CalibrationFormat
{
    private static readonly string[] Types = ["PinHole", "KannalaBrandt8", "Rectified"];
    private static readonly string[] Shared = ["type", "width", "height", "fps", "RGB", "bf", "newWidth", "newHeight", "imageScale"];

    public override string Name => "orbslam3";

    public override string Description => "ORB-SLAM3 settings";

    public override string FileName => "*.yaml";

    public override bool HoldsMany => true;

    public override IReadOnlyList<DistortionModel> Models => [DistortionModel.PlumbBob, DistortionModel.Equidistant];

    public override bool Recognises(CalibrationDocument document) => document.Root is { } root && (root.Holds("Camera.fx") || root.Holds("Camera1.fx"));

    public override IReadOnlyList<CalibratedCamera> Read(CalibrationDocument document)
    {
        YamlSection root = document.Root!;
        string type = Types[root.OptionalOneOf("Camera.type", Types) ?? 0];
        int width = root.RequireInt("Camera.width", 1, CameraDraft.LargestSide), height = root.RequireInt("Camera.height", 1, CameraDraft.LargestSide);
        foreach (string key in Shared)
        {
            root.Has($"Camera.{key}");
        }

        var cameras = new List<CalibratedCamera>();
        foreach (string prefix in (string[])["Camera", "Camera1", "Camera2"])
        {
            if (root.Holds($"{prefix}.fx"))
            {
                Camera(cameras, root, prefix, type, width, height);
            }
        }

        foreach (string key in root.Unknown().Where(k => k.StartsWith("Camera", StringComparison.Ordinal)))
        {
            root.Problem(key, "unknown key of a camera");
        }

        return cameras;
    }

    public override string? WhyNot(CameraIntrinsics camera) => Skewed(camera, Name) ?? Beyond(camera, 5, Name);

    public override byte[] Write(IReadOnlyList<CalibratedCamera> cameras)
    {
        CameraIntrinsics first = cameras[0].Intrinsics;
        string[] names = first.DistortionModel == DistortionModel.Equidistant ? ["k1", "k2", "k3", "k4"] : ["k1", "k2", "p1", "p2", "k3"];
        var text = new StringBuilder("%YAML:1.0\n---\nFile.version: \"1.0\"\n");
        text.Append(CultureInfo.InvariantCulture, $"Camera.type: \"{(first.DistortionModel == DistortionModel.Equidistant ? Types[1] : Types[0])}\"\n");
        for (int i = 0; i < cameras.Count; i++)
        {
            CameraIntrinsics c = cameras[i].Intrinsics;
            text.Append(CultureInfo.InvariantCulture, $"Camera{i + 1}.fx: {Number(c.Fx)}\nCamera{i + 1}.fy: {Number(c.Fy)}\n");
            text.Append(CultureInfo.InvariantCulture, $"Camera{i + 1}.cx: {Number(c.Cx)}\nCamera{i + 1}.cy: {Number(c.Cy)}\n");
            double[] d = Coefficients(c, names.Length);
            for (int k = 0; k < names.Length; k++)
            {
                text.Append(CultureInfo.InvariantCulture, $"Camera{i + 1}.{names[k]}: {Number(d[k])}\n");
            }
        }

        text.Append(CultureInfo.InvariantCulture, $"Camera.width: {first.Width}\nCamera.height: {first.Height}\n");
        if (cameras.Count > 1 && cameras[1].Pose is { Reference: "Camera1" } pose)
        {
            text.Append(CultureInfo.InvariantCulture, $"Stereo.T_c1_c2: !!opencv-matrix\n   rows: 4\n   cols: 4\n   dt: f\n   data: [{List(pose.Matrix)}]\n");
        }

        return Bytes(text.ToString());
    }

    private static void Camera(List<CalibratedCamera> cameras, YamlSection root, string prefix, string type, int width, int height)
    {
        bool isFisheye = type == "KannalaBrandt8";
        string[] names = isFisheye ? ["k1", "k2", "k3", "k4"] : ["k1", "k2", "p1", "p2", "k3"];
        double[] d = [.. names.Select(n => root.OptionalDouble($"{prefix}.{n}") ?? 0)];
        double[] pose = prefix == "Camera2" ? root.Matrix("Stereo.T_c1_c2", 4, 4, required: false) : [];
        foreach (string known in (string[])["overlappingBegin", "overlappingEnd"])
        {
            root.Has($"{prefix}.{known}");
        }

        var draft = new CameraDraft(width, height)
        {
            Name = prefix,
            Fx = root.RequireDouble($"{prefix}.fx"),
            Fy = root.RequireDouble($"{prefix}.fy"),
            Cx = root.RequireDouble($"{prefix}.cx"),
            Cy = root.RequireDouble($"{prefix}.cy"),
            Model = isFisheye ? "equidistant" : "plumb_bob",
            Coefficients = type == "Rectified" ? [] : [.. d],
        };
        Add(cameras, root, draft, $"{prefix}.fx", $"{prefix}.k1", pose.Length == 16 ? new CameraPose("Camera1", [.. pose]) : null);
    }
}
