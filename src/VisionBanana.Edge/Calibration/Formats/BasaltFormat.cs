using System.Collections.Immutable;
using VisionBanana.Edge.Configuration;

namespace VisionBanana.Edge.Calibration.Formats;

/// <summary>Basalt's calibration JSON: cameras <c>cam0</c>, <c>cam1</c> … with their poses in the IMU's frame.</summary>
internal sealed class BasaltFormat : CalibrationFormat
{
    private static readonly (string Type, string Model, string[] Keys)[] Types =
    [
        ("pinhole", "none", []),
        ("pinhole-radtan4", "plumb_bob", ["k1", "k2", "p1", "p2"]),
        ("pinhole-radtan8", "rational_polynomial", ["k1", "k2", "p1", "p2", "k3", "k4", "k5", "k6"]),
        ("kb4", "equidistant", ["k1", "k2", "k3", "k4"]),
        ("ds", "double_sphere", ["xi", "alpha"]),
        ("eucm", "extended_unified", ["alpha", "beta"]),
        ("ucm", "extended_unified", ["alpha"]),
        ("fov", "fov", ["w"]),
    ];

    public override string Name => "basalt";

    public override string Description => "Basalt calibration JSON";

    public override string FileName => "calibration*.json";

    public override bool HoldsMany => true;

    public override IReadOnlyList<DistortionModel> Models =>
    [
        DistortionModel.PlumbBob, DistortionModel.RationalPolynomial, DistortionModel.Equidistant, DistortionModel.DoubleSphere,
        DistortionModel.ExtendedUnified, DistortionModel.FieldOfView,
    ];

    public override bool Recognises(CalibrationDocument document) =>
        document.Root is { } root && root.Holds("value0") && root.OptionalSection("value0")?.Holds("intrinsics") == true;

    public override IReadOnlyList<CalibratedCamera> Read(CalibrationDocument document)
    {
        YamlSection value = document.Root!.RequireSection("value0")!;
        IReadOnlyList<YamlSection> intrinsics = value.Sections("intrinsics"), poses = value.Sections("T_imu_cam", required: false);
        double[][] sizes = value.Rows("resolution", 2);
        var cameras = new List<CalibratedCamera>();
        if (sizes.Length != intrinsics.Count)
        {
            value.Problem("resolution", $"expected one size for each of {intrinsics.Count} cameras, found {sizes.Length}");
            return cameras;
        }

        for (int i = 0; i < intrinsics.Count; i++)
        {
            YamlSection camera = intrinsics[i];
            string[] names = [.. Types.Select(t => t.Type)];
            (string type, string model, string[] keys) = Types[camera.RequireOneOf("camera_type", names)];
            if (camera.RequireSection("intrinsics") is not { } numbers)
            {
                continue;
            }

            double[] d = [.. keys.Select(k => numbers.RequireDouble(k))];
            numbers.Has("rpmax");
            var draft = new CameraDraft((int)sizes[i][0], (int)sizes[i][1])
            {
                Name = $"cam{i}",
                Fx = numbers.RequireDouble("fx"),
                Fy = numbers.RequireDouble("fy"),
                Cx = numbers.RequireDouble("cx"),
                Cy = numbers.RequireDouble("cy"),
                Model = model,
                Coefficients = type == "ucm" ? [d[0], 1] : [.. d],
            };
            numbers.RefuseUnknownKeys();
            Add(cameras, numbers, draft, "fx", keys.Length > 0 ? keys[0] : "fx", i < poses.Count ? Pose(poses[i]) : null);
        }

        return cameras;
    }

    public override string? WhyNot(CameraIntrinsics camera) => Skewed(camera, Name)
        ?? (camera.DistortionModel is DistortionModel.PlumbBob or DistortionModel.RationalPolynomial ? Beyond(camera, 8, Name) : null);

    public override byte[] Write(IReadOnlyList<CalibratedCamera> cameras)
    {
        var intrinsics = new List<object>();
        foreach (CameraIntrinsics c in cameras.Select(camera => camera.Intrinsics))
        {
            bool isBob = c.DistortionModel == DistortionModel.PlumbBob;
            bool isBent = isBob && c.Distortion.Length == 5 && c.Distortion[4] != 0;
            string type = c.DistortionModel switch
            {
                DistortionModel.PlumbBob when c.IsPinhole => "pinhole",
                DistortionModel.PlumbBob when !isBent => "pinhole-radtan4",
                DistortionModel.PlumbBob or DistortionModel.RationalPolynomial => "pinhole-radtan8",
                DistortionModel.Equidistant => "kb4",
                DistortionModel.DoubleSphere => "ds",
                DistortionModel.ExtendedUnified => "eucm",
                _ => "fov",
            };
            string[] keys = Types.First(t => t.Type == type).Keys;
            var numbers = new Dictionary<string, double> { ["fx"] = c.Fx, ["fy"] = c.Fy, ["cx"] = c.Cx, ["cy"] = c.Cy };
            double[] d = Coefficients(c, keys.Length);
            for (int k = 0; k < keys.Length; k++)
            {
                numbers[keys[k]] = d[k];
            }

            intrinsics.Add(new Dictionary<string, object> { ["camera_type"] = type, ["intrinsics"] = numbers });
        }

        var value = new Dictionary<string, object>();
        if (cameras.All(c => c.Pose?.Reference == "imu"))
        {
            value["T_imu_cam"] = cameras.Select(c => Pose(c.Pose!)).ToArray();
        }

        value["intrinsics"] = intrinsics;
        value["resolution"] = cameras.Select(c => new[] { c.Intrinsics.Width, c.Intrinsics.Height }).ToArray();
        return Json(new Dictionary<string, object> { ["value0"] = value });
    }

    private static CameraPose Pose(YamlSection section)
    {
        double x = section.RequireDouble("px"), y = section.RequireDouble("py"), z = section.RequireDouble("pz");
        double qx = section.RequireDouble("qx"), qy = section.RequireDouble("qy"), qz = section.RequireDouble("qz"), qw = section.RequireDouble("qw");
        double norm = Math.Sqrt((qx * qx) + (qy * qy) + (qz * qz) + (qw * qw));
        if (!(Math.Abs(norm - 1) < 1e-3))
        {
            section.Problem("qw", FormattableString.Invariant($"the quaternion has the length {norm}, expected 1"));
        }

        return new CameraPose("imu", RotationMatrix.Transform(qx, qy, qz, qw, x, y, z));
    }

    private static Dictionary<string, double> Pose(CameraPose pose)
    {
        ImmutableArray<double> m = pose.Matrix;
        (double x, double y, double z, double w) = RotationMatrix.Quaternion(m.AsSpan());
        return new() { ["px"] = m[3], ["py"] = m[7], ["pz"] = m[11], ["qx"] = x, ["qy"] = y, ["qz"] = z, ["qw"] = w };
    }
}
