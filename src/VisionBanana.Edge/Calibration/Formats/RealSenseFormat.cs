using VisionBanana.Edge.Configuration;

namespace VisionBanana.Edge.Calibration.Formats;

/// <summary>
/// Intrinsics of librealsense as JSON (<c>rs2_intrinsics</c>: width, height, ppx, ppy, fx, fy, model, coeffs), alone or one per stream
/// (<c>color</c>, <c>depth</c> …).
/// </summary>
internal sealed class RealSenseFormat : CalibrationFormat
{
    private const string Modified = "modified_brown_conrady";

    public override string Name => "realsense";

    public override string Description => "RealSense intrinsics JSON";

    public override string FileName => "*.json";

    public override bool HoldsMany => true;

    public override IReadOnlyList<DistortionModel> Models =>
        [DistortionModel.PlumbBob, DistortionModel.InverseBrownConrady, DistortionModel.Equidistant, DistortionModel.FieldOfView];

    public override bool Recognises(CalibrationDocument document) => document.Root is { } root && Streams(root).Any();

    public override IReadOnlyList<CalibratedCamera> Read(CalibrationDocument document)
    {
        var cameras = new List<CalibratedCamera>();
        foreach ((string name, YamlSection section) in Streams(document.Root!))
        {
            Camera(cameras, section, name);
        }

        return cameras;
    }

    public override string? WhyNot(CameraIntrinsics camera) => Skewed(camera, Name) ?? Beyond(camera, 5, Name);

    public override byte[] Write(IReadOnlyList<CalibratedCamera> cameras) => cameras.Count == 1
        ? Json(Stream(cameras[0].Intrinsics))
        : Json(cameras.ToDictionary(c => c.Name, c => Stream(c.Intrinsics)));

    private static Dictionary<string, object> Stream(CameraIntrinsics c) => new()
    {
        ["width"] = c.Width,
        ["height"] = c.Height,
        ["ppx"] = c.Cx,
        ["ppy"] = c.Cy,
        ["fx"] = c.Fx,
        ["fy"] = c.Fy,
        ["model"] = c.DistortionModel switch
        {
            DistortionModel.PlumbBob when c.IsPinhole => "distortion.none",
            DistortionModel.PlumbBob => "distortion.brown_conrady",
            DistortionModel.InverseBrownConrady => "distortion.inverse_brown_conrady",
            DistortionModel.Equidistant => "distortion.kannala_brandt4",
            _ => "distortion.ftheta",
        },
        ["coeffs"] = Coefficients(c, 5),
    };

    private static IEnumerable<(string Name, YamlSection Section)> Streams(YamlSection root)
    {
        if (root.Holds("ppx"))
        {
            yield return (root.Holds("stream") ? root.OptionalString("stream") ?? "camera" : "camera", root);
            yield break;
        }

        foreach (string key in root.Keys())
        {
            if (root.Node(key) is YamlDotNet.RepresentationModel.YamlMappingNode node && root.At(node, key) is var section && section.Holds("ppx"))
            {
                yield return (key, section);
            }
        }
    }

    private static void Camera(List<CalibratedCamera> cameras, YamlSection section, string name)
    {
        string written = section.OptionalString("model") ?? "none";
        string model = written.Trim().ToLowerInvariant().Replace(' ', '_').Replace("distortion.", "", StringComparison.Ordinal)
            .Replace("rs2_distortion_", "", StringComparison.Ordinal);
        double[] d = section.Matrix("coeffs", required: false);
        if (model == Modified)
        {
            if (d.Length >= 4 && (d[2] != 0 || d[3] != 0))
            {
                section.Problem("model",
                    $"{written} with tangential coefficients has no equal here: expected brown_conrady, inverse_brown_conrady, kannala_brandt4 or ftheta");
                return;
            }

            model = "brown_conrady";
        }

        if (model == "none" && d.AsSpan().ContainsAnyExcept(0.0))
        {
            section.Problem("coeffs", "the model is none, and there are coefficients other than 0");
            return;
        }

        foreach (string known in (string[])["stream", "fov", "name", "serial", "serial_number", "format", "fps"])
        {
            section.Has(known);
        }

        var draft = new CameraDraft(section.RequireInt("width", 1, CameraDraft.LargestSide), section.RequireInt("height", 1, CameraDraft.LargestSide))
        {
            Name = name,
            Fx = section.RequireDouble("fx"),
            Fy = section.RequireDouble("fy"),
            Cx = section.RequireDouble("ppx"),
            Cy = section.RequireDouble("ppy"),
            Model = model,
            Coefficients = [.. d],
        };
        section.RefuseUnknownKeys();
        Add(cameras, section, draft, "fx", "coeffs");
    }
}
