using System.Globalization;
using VisionBanana.Edge.Configuration;

namespace VisionBanana.Edge.Calibration.Formats;

/// <summary>The <c>sensor.yaml</c> of a camera in the EuRoC MAV data sets and those that follow them.</summary>
internal sealed class EurocFormat : CalibrationFormat
{
    private static readonly string[] Distortions = ["radial-tangential", "equidistant", "none"];

    public override string Name => "euroc";

    public override string Description => "EuRoC sensor.yaml";

    public override string FileName => "sensor.yaml";

    public override IReadOnlyList<DistortionModel> Models => [DistortionModel.PlumbBob, DistortionModel.Equidistant];

    public override bool Recognises(CalibrationDocument document) =>
        document.Root is { } root && root.Holds("intrinsics") && root.Holds("resolution") && (root.Holds("T_BS") || root.Holds("sensor_type"));

    public override IReadOnlyList<CalibratedCamera> Read(CalibrationDocument document)
    {
        YamlSection root = document.Root!;
        foreach (string known in (string[])["comment", "rate_hz"])
        {
            root.Has(known);
        }

        root.OptionalOneOf("sensor_type", "camera");
        root.OptionalOneOf("camera_model", "pinhole");
        string model = Distortions[root.OptionalOneOf("distortion_model", Distortions) ?? 2];
        double[] size = root.Matrix("resolution", 1, 2), f = root.Matrix("intrinsics", 1, 4);
        double[] d = root.Matrix("distortion_coefficients", required: false), pose = root.Matrix("T_BS", 4, 4, required: false);
        root.RefuseUnknownKeys();
        var cameras = new List<CalibratedCamera>();
        if (size.Length == 2 && f.Length == 4)
        {
            var draft = new CameraDraft((int)size[0], (int)size[1]) { Fx = f[0], Fy = f[1], Cx = f[2], Cy = f[3], Model = model, Coefficients = [.. d] };
            Add(cameras, root, draft, "intrinsics", "distortion_coefficients", pose.Length == 16 ? new CameraPose("body", [.. pose]) : null);
        }

        return cameras;
    }

    public override string? WhyNot(CameraIntrinsics camera) => Skewed(camera, Name) ?? Beyond(camera, 4, Name);

    public override byte[] Write(IReadOnlyList<CalibratedCamera> cameras)
    {
        CameraIntrinsics c = cameras[0].Intrinsics;
        string pose = cameras[0].Pose is { Reference: "body" } p ? $"T_BS:\n  cols: 4\n  rows: 4\n  data: [{List(p.Matrix)}]\n" : "";
        string model = c.IsPinhole ? "none" : c.DistortionModel == DistortionModel.PlumbBob ? "radial-tangential" : "equidistant";
        return Bytes(string.Create(
            CultureInfo.InvariantCulture,
            $"sensor_type: camera\n{pose}resolution: [{c.Width}, {c.Height}]\ncamera_model: pinhole\n"
            + $"intrinsics: [{List([c.Fx, c.Fy, c.Cx, c.Cy])}]\ndistortion_model: {model}\n"
            + $"distortion_coefficients: [{List(c.IsPinhole ? [] : Coefficients(c, 4))}]\n"));
    }
}
