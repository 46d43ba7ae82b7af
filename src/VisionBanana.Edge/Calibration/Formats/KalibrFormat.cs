using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using VisionBanana.Edge.Configuration;

namespace VisionBanana.Edge.Calibration.Formats;

/// <summary>Kalibr's camchain: <c>cam0</c>, <c>cam1</c> …, each with its model, and the transforms of the chain.</summary>
internal sealed class KalibrFormat : CalibrationFormat
{
    private static readonly string[] CameraModels = ["pinhole", "omni", "ds", "eucm"];
    private static readonly string[] Distortions = ["radtan", "equidistant", "fov", "none"];

    public override string Name => "kalibr";

    public override string Description => "Kalibr camchain";

    public override string FileName => "camchain*.yaml";

    public override bool HoldsMany => true;

    public override IReadOnlyList<DistortionModel> Models =>
    [
        DistortionModel.PlumbBob, DistortionModel.Equidistant, DistortionModel.Omnidirectional, DistortionModel.DoubleSphere,
        DistortionModel.ExtendedUnified, DistortionModel.FieldOfView,
    ];

    public override bool Recognises(CalibrationDocument document) =>
        document.Root is { } root && root.Holds("cam0") && root.OptionalSection("cam0")?.Holds("intrinsics") == true;

    public override IReadOnlyList<CalibratedCamera> Read(CalibrationDocument document)
    {
        YamlSection root = document.Root!;
        var cameras = new List<CalibratedCamera>();
        foreach (string name in root.Keys().Where(k => k.StartsWith("cam", StringComparison.Ordinal) && k[3..].All(char.IsAsciiDigit)))
        {
            if (root.RequireSection(name) is { } section)
            {
                Camera(cameras, section, name);
            }
        }

        return cameras;
    }

    public override string? WhyNot(CameraIntrinsics camera) =>
        Skewed(camera, Name) ?? (camera.DistortionModel == DistortionModel.PlumbBob ? Beyond(camera, 4, Name) : null);

    public override byte[] Write(IReadOnlyList<CalibratedCamera> cameras)
    {
        var text = new StringBuilder();
        for (int i = 0; i < cameras.Count; i++)
        {
            CameraIntrinsics c = cameras[i].Intrinsics;
            double[] focal = [c.Fx, c.Fy, c.Cx, c.Cy];
            (string camera, double[] intrinsics, string distortion, double[] coefficients) = c.DistortionModel switch
            {
                DistortionModel.PlumbBob when c.IsPinhole => ("pinhole", focal, "none", []),
                DistortionModel.PlumbBob => ("pinhole", focal, "radtan", Coefficients(c, 4)),
                DistortionModel.Equidistant => ("pinhole", focal, "equidistant", Coefficients(c, 4)),
                DistortionModel.FieldOfView => ("pinhole", focal, "fov", Coefficients(c, 1)),
                DistortionModel.Omnidirectional => ("omni", [c.Distortion[0], .. focal], "radtan", [.. c.Distortion.AsSpan()[1..]]),
                DistortionModel.DoubleSphere => ("ds", [.. c.Distortion, .. focal], "none", []),
                _ => ("eucm", (double[])[.. c.Distortion, .. focal], "none", (double[])[]),
            };
            text.Append(CultureInfo.InvariantCulture, $"cam{i}:\n  camera_model: {camera}\n  intrinsics: [{List(intrinsics)}]\n");
            text.Append(CultureInfo.InvariantCulture, $"  distortion_model: {distortion}\n  distortion_coeffs: [{List(coefficients)}]\n");
            text.Append(CultureInfo.InvariantCulture,
                $"  resolution: [{c.Width}, {c.Height}]\n  rostopic: {System.Text.Json.JsonSerializer.Serialize($"/{c.Name}/image_raw")}\n");
            if (cameras[i].Pose is { } pose && (pose.Reference == "imu" || (i > 0 && pose.Reference == cameras[i - 1].Name)))
            {
                ImmutableArray<double> m = CameraPose.Invert(pose.Matrix.AsSpan());
                text.Append(CultureInfo.InvariantCulture, $"  {(pose.Reference == "imu" ? "T_cam_imu" : "T_cn_cnm1")}:\n");
                for (int row = 0; row < 4; row++)
                {
                    text.Append(CultureInfo.InvariantCulture, $"  - [{List(m.AsSpan(4 * row, 4).ToArray())}]\n");
                }
            }
        }

        return Bytes(text.ToString());
    }

    private static void Camera(List<CalibratedCamera> cameras, YamlSection section, string name)
    {
        string camera = CameraModels[section.RequireOneOf("camera_model", CameraModels)];
        string distortion = Distortions[section.OptionalOneOf("distortion_model", Distortions) ?? 3];
        double[] size = section.Matrix("resolution", 1, 2), coefficients = section.Matrix("distortion_coeffs", required: false);
        int extra = camera switch { "pinhole" => 0, "omni" => 1, _ => 2 };
        double[] intrinsics = section.Matrix("intrinsics", 1, 4 + extra);
        foreach (string known in (string[])["rostopic", "cam_overlaps", "timeshift_cam_imu", "line_delay", "T_imu_cam"])
        {
            section.Has(known);
        }

        CameraPose? pose = Pose(section, "T_cn_cnm1", PreviousOf(name)) is { } chained ? chained : Pose(section, "T_cam_imu", "imu");
        section.Has("T_cam_imu");
        section.RefuseUnknownKeys();
        if (size.Length == 0 || intrinsics.Length == 0)
        {
            return;
        }

        if (camera != "pinhole" && distortion is not ("none" or "radtan"))
        {
            section.Problem(
                "distortion_model", $"{camera} with {distortion} is a model of no known lens: expected none{(camera == "omni" ? " or radtan" : "")}");
            return;
        }

        double[] own = intrinsics[..extra];
        (string model, double[] values) = (camera, distortion) switch
        {
            ("omni", "none") => ("omni", [own[0], 0, 0, 0, 0]),
            ("omni", _) => ("omni", [own[0], .. coefficients]),
            ("ds", _) => ("double_sphere", own),
            ("eucm", _) => ("extended_unified", own),
            _ => (distortion, coefficients),
        };
        if (camera is "ds" or "eucm" && coefficients.AsSpan().ContainsAnyExcept(0.0))
        {
            section.Problem("distortion_coeffs", $"{camera} has none beside its own parameters");
        }

        var draft = new CameraDraft((int)size[0], (int)size[1])
        {
            Name = name,
            Fx = intrinsics[extra],
            Fy = intrinsics[extra + 1],
            Cx = intrinsics[extra + 2],
            Cy = intrinsics[extra + 3],
            Model = model,
            Coefficients = [.. values],
        };
        Add(cameras, section, draft, "intrinsics", "distortion_coeffs", pose);
    }

    private static string PreviousOf(string name) =>
        int.TryParse(name.AsSpan(3), NumberStyles.None, CultureInfo.InvariantCulture, out int n) ? $"cam{n - 1}" : "cam";

    private static CameraPose? Pose(YamlSection section, string key, string reference) =>
        section.Matrix(key, 4, 4, required: false) is { Length: 16 } m ? new CameraPose(reference, CameraPose.Invert(m)) : null;
}
