using VisionBanana.Edge.Configuration;

namespace VisionBanana.Edge.Calibration;

/// <summary>Reads one calibration; both spellings of it (file and message) differ in the names of the keys and in how matrices are written.</summary>
internal sealed class CameraInfoReader(YamlSection root)
{
    /// <summary>True for the message that <c>ros2 topic echo</c> and Foxglove print, which names its matrices by letters.</summary>
    public static bool IsMessage(YamlSection root) => !root.Holds("camera_matrix") && (root.Holds("k") || root.Holds("K"));

    /// <summary>The camera, or null after a problem. All problems are in the section's list.</summary>
    public CalibratedCamera? Read()
    {
        CalibratedCamera? camera = IsMessage(root) ? ReadMessage() : ReadFile();
        camera = ApplyRegionAndBinning(camera);
        root.RefuseUnknownKeys();
        return root.Problems.Problems.Count == 0 ? camera : null;
    }

    private CalibratedCamera? ReadFile()
    {
        int width = root.RequireInt("image_width", 1, CameraDraft.LargestSide), height = root.RequireInt("image_height", 1, CameraDraft.LargestSide);
        string name = root.OptionalString("camera_name") ?? "camera";
        double[] k = root.Matrix("camera_matrix", 3, 3);
        string? model = root.OptionalString("distortion_model");
        double[] distortion = root.Matrix("distortion_coefficients", required: model is not "none");
        double[] r = root.Matrix("rectification_matrix", 3, 3, required: false), p = root.Matrix("projection_matrix", 3, 4, required: false);
        return Build(width, height, name, "camera_matrix", k, model, "distortion_coefficients", distortion, r, p, mayBeEmpty: model is "none");
    }

    private CalibratedCamera? ReadMessage()
    {
        string name = root.OptionalString("frame_id") ?? "camera";
        if (root.OptionalSection("header") is { } header)
        {
            name = header.OptionalString("frame_id") ?? name;
            header.OptionalInt("seq");
            Time(header, "stamp");
            header.RefuseUnknownKeys();
        }

        Time(root, "timestamp");
        int width = root.RequireInt("width", 1, CameraDraft.LargestSide), height = root.RequireInt("height", 1, CameraDraft.LargestSide);
        string? model = root.OptionalString("distortion_model");
        string Key(string lower) => root.Holds(lower) ? lower : lower.ToUpperInvariant();
        string kKey = Key("k"), dKey = Key("d");
        double[] k = root.Matrix(kKey, 3, 3), distortion = root.Matrix(dKey, required: model is not (null or "none"));
        double[] r = root.Matrix(Key("r"), 3, 3, required: false), p = root.Matrix(Key("p"), 3, 4, required: false);
        return Build(width, height, name, kKey, k, model, dKey, distortion, r, p, mayBeEmpty: true);
    }

    private static void Time(YamlSection section, string key)
    {
        if (section.OptionalSection(key) is { } stamp)
        {
            foreach (string part in (string[])["sec", "nanosec", "secs", "nsecs", "nsec"])
            {
                stamp.OptionalDouble(part);
            }

            stamp.RefuseUnknownKeys();
        }
    }

    private CalibratedCamera? Build(
        int width, int height, string name, string kKey, double[] k, string? model, string dKey, double[] distortion, double[] r, double[] p, bool mayBeEmpty)
    {
        if (distortion.Length == 0 && !mayBeEmpty)
        {
            if (!HasProblemAt(dKey))
            {
                root.Problem(dKey, "expected the coefficients, found an empty list; for a camera without distortion: distortion_model: none");
            }

            return null;
        }

        if (HasProblemAt("image_width") || HasProblemAt("image_height") || HasProblemAt("width") || HasProblemAt("height"))
        {
            // The matrix is checked all the same, against a size that any focal length and centre fits less badly than none.
            (width, height) = (Math.Max(width, 640), Math.Max(height, 480));
        }

        var draft = new CameraDraft(width, height) { Name = name, Model = string.IsNullOrEmpty(model) ? null : model, Coefficients = [.. distortion] };
        string modelKey = model is not null && LensModels.Find(model) is null ? "distortion_model" : dKey;
        return draft.WithMatrix(k, kKey, root.Problem)?.Finish(kKey, modelKey, root.Problem) is { } camera
            ? new CalibratedCamera(camera) { Rectification = [.. r], Projection = [.. p] }
            : null;
    }

    private CalibratedCamera? ApplyRegionAndBinning(CalibratedCamera? calibrated)
    {
        int binX = Math.Max(root.OptionalInt("binning_x", 0, 64) ?? 1, 1), binY = Math.Max(root.OptionalInt("binning_y", 0, 64) ?? 1, 1);
        int left = 0, top = 0, width = 0, height = 0;
        if (root.OptionalSection("roi") is { } roi)
        {
            left = roi.OptionalInt("x_offset", 0, CameraDraft.LargestSide) ?? 0;
            top = roi.OptionalInt("y_offset", 0, CameraDraft.LargestSide) ?? 0;
            width = roi.OptionalInt("width", 0, CameraDraft.LargestSide) ?? 0;
            height = roi.OptionalInt("height", 0, CameraDraft.LargestSide) ?? 0;
            roi.OptionalBool("do_rectify");
            roi.RefuseUnknownKeys();
        }

        if (calibrated is null || root.Problems.Problems.Count > 0)
        {
            return null;
        }

        CameraIntrinsics camera = calibrated.Intrinsics;
        if (width > 0 || height > 0 || left > 0 || top > 0)
        {
            (width, height) = (width == 0 ? camera.Width - left : width, height == 0 ? camera.Height - top : height);
            if (width <= 0 || height <= 0 || left + width > camera.Width || top + height > camera.Height)
            {
                root.Problem("roi", $"{width}×{height}+{left}+{top} does not lie inside the picture of {camera.Width}×{camera.Height}");
                return null;
            }

            camera = camera.Cropped(left, top, width, height);
        }

        if (camera.Width % binX != 0 || camera.Height % binY != 0)
        {
            root.Problem(camera.Width % binX != 0 ? "binning_x" : "binning_y", $"a picture of {camera.Width}×{camera.Height} cannot be binned {binX}×{binY}");
            return null;
        }

        camera = binX == 1 && binY == 1 ? camera : camera.Resized(camera.Width / binX, camera.Height / binY);

        // The projection in the file is that of the whole sensor.
        return camera == calibrated.Intrinsics ? calibrated : new CalibratedCamera(camera) { Rectification = calibrated.Rectification };
    }

    private bool HasProblemAt(string key) => root.Problems.Problems.Any(p => p.Message.StartsWith(key, StringComparison.Ordinal));
}
