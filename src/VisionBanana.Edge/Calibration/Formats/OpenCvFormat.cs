using System.Collections.Immutable;
using System.Text;
using VisionBanana.Edge.Configuration;

namespace VisionBanana.Edge.Calibration.Formats;

/// <summary>
/// OpenCV FileStorage (YAML, XML or JSON) with the keys of its samples and tutorials: one camera, or a stereo pair <c>left</c> and
/// <c>right</c> with R and T. Other keys are OpenCV users' own and say nothing about the camera.
/// </summary>
internal sealed class OpenCvFormat(string name, bool isXml) : CalibrationFormat
{
    private static readonly string[] Matrices = ["camera_matrix", "Camera_Matrix", "cameraMatrix", "CameraMatrix", "mtx"];
    private static readonly string[] Lists =
        ["distortion_coefficients", "Distortion_Coefficients", "distCoeffs", "dist_coeffs", "dist_coeff", "distortion_coeffs", "dist"];

    private static readonly string[] Widths = ["image_width", "image_Width", "imageWidth"], Heights = ["image_height", "image_Height", "imageHeight"];
    private static readonly string[] Sizes = ["image_size", "imageSize", "img_size", "resolution"];
    private static readonly (string Matrix, string List, string Name)[] Pair = [("M1", "D1", "left"), ("M2", "D2", "right")];

    public override string Name => name;

    public override string Description => isXml ? "OpenCV FileStorage, XML" : "OpenCV FileStorage, YAML or JSON";

    public override string FileName => isXml ? "*.xml" : "*.yml";

    public override bool HoldsMany => true;

    public override IReadOnlyList<DistortionModel> Models => [DistortionModel.PlumbBob, DistortionModel.RationalPolynomial, DistortionModel.Equidistant];

    public override bool Recognises(CalibrationDocument document) => document.Root is { } root && document.IsXml == isXml && !RosFormat.Knows(document)
        && (First(root, Matrices) is not null || root.Holds(Pair[0].Matrix));

    public override IReadOnlyList<CalibratedCamera> Read(CalibrationDocument document)
    {
        YamlSection root = document.Root!;
        var cameras = new List<CalibratedCamera>();
        if (First(root, Matrices) is { } matrix)
        {
            Camera(cameras, root, matrix, First(root, Lists), root.OptionalString("camera_name") ?? "camera", null);
            return cameras;
        }

        foreach ((string pairMatrix, string list, string side) in Pair)
        {
            Camera(cameras, root, pairMatrix, root.Holds(list) ? list : null, side, side == "right" ? PoseOfRight(root) : null);
        }

        return cameras;
    }

    public override byte[] Write(IReadOnlyList<CalibratedCamera> cameras)
    {
        var text = new StringBuilder(isXml ? "<?xml version=\"1.0\"?>\n<opencv_storage>\n" : "%YAML:1.0\n---\n");
        CameraIntrinsics first = cameras[0].Intrinsics;
        Value("image_width", Number(first.Width));
        Value("image_height", Number(first.Height));
        Value("fisheye_model", first.DistortionModel == DistortionModel.Equidistant ? "1" : "0");
        bool isPair = cameras.Count > 1;
        for (int i = 0; i < cameras.Count; i++)
        {
            CameraIntrinsics c = cameras[i].Intrinsics;
            double[] d = Coefficients(c, c.Distortion.IsDefaultOrEmpty ? LensModels.Of(c.DistortionModel).DefaultCount : c.Distortion.Length);
            Matrix(isPair ? Pair[i].Matrix : Matrices[0], 3, 3, [c.Fx, c.Skew, c.Cx, 0, c.Fy, c.Cy, 0, 0, 1]);
            Matrix(isPair ? Pair[i].List : Lists[0], 1, d.Length, d);
        }

        if (isPair && cameras[1].Pose is { Reference: "left" } pose)
        {
            ImmutableArray<double> m = CameraPose.Invert(pose.Matrix.AsSpan());
            Matrix("R", 3, 3, [m[0], m[1], m[2], m[4], m[5], m[6], m[8], m[9], m[10]]);
            Matrix("T", 3, 1, [m[3], m[7], m[11]]);
        }

        return Bytes(isXml ? text.Append("</opencv_storage>\n").ToString() : text.ToString());

        void Value(string key, string value) => text.Append(isXml ? $"<{key}>{value}</{key}>\n" : $"{key}: {value}\n");

        void Matrix(string key, int rows, int columns, double[] data) => text.Append(isXml
            ? $"<{key} type_id=\"opencv-matrix\">\n  <rows>{rows}</rows>\n  <cols>{columns}</cols>\n  <dt>d</dt>\n  <data>{List(data, " ")}</data></{key}>\n"
            : $"{key}: !!opencv-matrix\n   rows: {rows}\n   cols: {columns}\n   dt: d\n   data: [ {List(data)} ]\n");
    }

    private static void Camera(List<CalibratedCamera> cameras, YamlSection root, string matrix, string? list, string name, CameraPose? pose)
    {
        (int width, int height) = Size(root);
        double[] k = root.Matrix(matrix, 3, 3), d = list is null ? [] : root.Matrix(list);
        if (width == 0 || height == 0)
        {
            return;
        }

        string? fisheye = First(root, ["fisheye_model", "fisheye"]) is { } key ? root.OptionalString(key) : null;
        string? model = fisheye is "1" or "true" ? "fisheye" : root.OptionalString("distortion_model");
        if (new CameraDraft(width, height) { Name = name, Model = model, Coefficients = [.. d] }.WithMatrix(k, matrix, root.Problem) is { } draft)
        {
            Add(cameras, root, draft, matrix, list ?? matrix, pose);
        }
    }

    private static (int Width, int Height) Size(YamlSection root)
    {
        if (First(root, Widths) is { } width && First(root, Heights) is { } height)
        {
            return (root.RequireInt(width, 1, CameraDraft.LargestSide), root.RequireInt(height, 1, CameraDraft.LargestSide));
        }

        if (First(root, Sizes) is { } size
            && root.Matrix(size, 1, 2) is [> 0 and <= CameraDraft.LargestSide and var w, > 0 and <= CameraDraft.LargestSide and var h])
        {
            return ((int)w, (int)h);
        }

        root.Problem("image_width", "missing: a calibration without the size of its pictures cannot be used; add image_width and image_height");
        return (0, 0);
    }

    private static CameraPose? PoseOfRight(YamlSection root)
    {
        double[] r = root.Matrix("R", 3, 3, required: false), t = root.Matrix("T", 3, 1, required: false);
        return r.Length == 9 && t.Length == 3
            ? new CameraPose("left", CameraPose.Invert([r[0], r[1], r[2], t[0], r[3], r[4], r[5], t[1], r[6], r[7], r[8], t[2], 0, 0, 0, 1]))
            : null;
    }

    private static string? First(YamlSection root, string[] keys) => keys.FirstOrDefault(root.Holds);
}
