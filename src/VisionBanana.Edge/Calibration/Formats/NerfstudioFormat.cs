using VisionBanana.Edge.Configuration;

namespace VisionBanana.Edge.Calibration.Formats;

/// <summary>
/// The camera of nerfstudio's and instant-ngp's <c>transforms.json</c>: fl_x, fl_y, cx, cy, w, h. Their pixels begin at the corner, as
/// COLMAP's. Poses of the frames are not read; frames with intrinsics of their own are refused.
/// </summary>
internal sealed class NerfstudioFormat : CalibrationFormat
{
    private static readonly string[] CameraModels = ["OPENCV", "OPENCV_FISHEYE", "PINHOLE", "SIMPLE_PINHOLE", "perspective", "fisheye"];

    public override string Name => "nerfstudio";

    public override string Description => "nerfstudio transforms.json";

    public override string FileName => "transforms*.json";

    public override IReadOnlyList<DistortionModel> Models => [DistortionModel.PlumbBob, DistortionModel.Equidistant];

    public override bool Recognises(CalibrationDocument document) => document.Root is { } root && !root.Holds("value0")
        && (root.Holds("fl_x") || root.Holds("camera_angle_x") || root.Holds("frames"));

    public override IReadOnlyList<CalibratedCamera> Read(CalibrationDocument document)
    {
        YamlSection root = document.Root!;
        var cameras = new List<CalibratedCamera>();
        if (!root.Holds("fl_x") && root.Sections("frames", required: false).Any(f => f.Holds("fl_x")))
        {
            root.Problem("frames", "each frame has intrinsics of its own: expected one camera for the whole file (fl_x, fl_y, cx, cy, w, h at its top)");
            return cameras;
        }

        int width = (int)Math.Round(root.RequireDouble("w", 1, CameraDraft.LargestSide)),
            height = (int)Math.Round(root.RequireDouble("h", 1, CameraDraft.LargestSide));
        string model = root.OptionalOneOf("camera_model", CameraModels) is { } index ? CameraModels[index] : "OPENCV";
        bool isFisheye = model is "OPENCV_FISHEYE" or "fisheye" || root.OptionalBool("is_fisheye") == true;
        double? angle = root.OptionalDouble("camera_angle_x", 0.01, 3.1);
        double fx = root.OptionalDouble("fl_x") ?? (angle is { } a ? width / 2.0 / Math.Tan(a / 2) : root.RequireDouble("fl_x"));
        double D(string key) => root.OptionalDouble(key) ?? 0;
        double[] d = isFisheye ? [D("k1"), D("k2"), D("k3"), D("k4")] : [D("k1"), D("k2"), D("p1"), D("p2"), D("k3")];
        if (!isFisheye && D("k4") != 0)
        {
            root.Problem("k4", $"{model} has no k4; is the model OPENCV_FISHEYE?");
        }

        var draft = new CameraDraft(width, height)
        {
            Fx = fx,
            Fy = root.OptionalDouble("fl_y") ?? fx,
            Cx = (root.OptionalDouble("cx") ?? (width / 2.0)) - 0.5,
            Cy = (root.OptionalDouble("cy") ?? (height / 2.0)) - 0.5,
            Model = isFisheye ? "equidistant" : "plumb_bob",
            Coefficients = [.. d],
        };
        Add(cameras, root, draft, "fl_x", "k1");
        return cameras;
    }

    public override string? WhyNot(CameraIntrinsics camera) => Skewed(camera, Name);

    public override byte[] Write(IReadOnlyList<CalibratedCamera> cameras)
    {
        CameraIntrinsics c = cameras[0].Intrinsics;
        bool isFisheye = c.DistortionModel == DistortionModel.Equidistant;
        string[] keys = isFisheye ? ["k1", "k2", "k3", "k4"] : ["k1", "k2", "p1", "p2", "k3"];
        var value = new Dictionary<string, object>
        {
            ["camera_model"] = isFisheye ? "OPENCV_FISHEYE" : "OPENCV",
            ["fl_x"] = c.Fx,
            ["fl_y"] = c.Fy,
            ["cx"] = c.Cx + 0.5,
            ["cy"] = c.Cy + 0.5,
            ["w"] = c.Width,
            ["h"] = c.Height,
        };
        double[] d = Coefficients(c, keys.Length);
        for (int i = 0; i < keys.Length; i++)
        {
            value[keys[i]] = d[i];
        }

        value["frames"] = Array.Empty<object>();
        return Json(value);
    }
}
