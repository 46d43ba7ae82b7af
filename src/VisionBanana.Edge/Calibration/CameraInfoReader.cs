using System.Globalization;
using VisionBanana.Edge.Configuration;

namespace VisionBanana.Edge.Calibration;

/// <summary>Reads one calibration; both spellings of it (file and message) differ in the names of the keys and in how matrices are written.</summary>
internal sealed class CameraInfoReader(YamlSection root)
{
    // The order of DistortionModel, then other names in use for the last.
    private static readonly string[] ModelNames = ["plumb_bob", "rational_polynomial", "equidistant", "fisheye"];
    private static readonly DistortionModel[] Models =
        [DistortionModel.PlumbBob, DistortionModel.RationalPolynomial, DistortionModel.Equidistant, DistortionModel.Equidistant];

    private const int LargestSide = 65535;

    public static string NameOf(DistortionModel model) => ModelNames[(int)model];

    public static int DefaultCount(DistortionModel model) => model switch
    {
        DistortionModel.PlumbBob => 5,
        DistortionModel.RationalPolynomial => 8,
        _ => 4,
    };

    /// <summary>The camera, or null after a problem. All problems are in the section's list.</summary>
    public CameraIntrinsics? Read()
    {
        bool isMessage = !root.Has("camera_matrix") && (root.Has("k") || root.Has("K"));
        CameraIntrinsics? camera = isMessage ? ReadMessage() : ReadFile();
        camera = ApplyRegionAndBinning(camera);
        root.RefuseUnknownKeys();
        return root.Problems.Problems.Count == 0 ? camera : null;
    }

    private CameraIntrinsics? ReadFile()
    {
        int width = root.RequireInt("image_width", 1, LargestSide), height = root.RequireInt("image_height", 1, LargestSide);
        string name = root.OptionalString("camera_name") ?? "camera";
        double[] k = Matrix("camera_matrix", 3, 3, required: true);
        DistortionModel model = Models[root.OptionalOneOf("distortion_model", ModelNames) ?? 0];
        double[] distortion = Matrix("distortion_coefficients", null, null, required: true);
        Matrix("rectification_matrix", 3, 3, required: false);
        Matrix("projection_matrix", 3, 4, required: false);
        return Build(width, height, name, "camera_matrix", k, model, "distortion_coefficients", distortion, mayBeEmpty: false);
    }

    private CameraIntrinsics? ReadMessage()
    {
        string name = "camera";
        if (root.OptionalSection("header") is { } header)
        {
            name = header.OptionalString("frame_id") ?? name;
            header.OptionalInt("seq");
            if (header.OptionalSection("stamp") is { } stamp)
            {
                foreach (string key in (string[])["sec", "nanosec", "secs", "nsecs"])
                {
                    stamp.OptionalInt(key);
                }

                stamp.RefuseUnknownKeys();
            }

            header.RefuseUnknownKeys();
        }

        int width = root.RequireInt("width", 1, LargestSide), height = root.RequireInt("height", 1, LargestSide);
        DistortionModel model = Models[root.OptionalOneOf("distortion_model", ModelNames) ?? 0];
        string Key(string lower) => root.Has(lower) ? lower : lower.ToUpperInvariant();
        string kKey = Key("k"), dKey = Key("d");
        double[] k = root.Doubles(kKey, 9), distortion = root.Doubles(dKey);
        root.Doubles(Key("r"), 9, required: false);
        root.Doubles(Key("p"), 12, required: false);
        return Build(width, height, name, kKey, k, model, dKey, distortion, mayBeEmpty: true);
    }

    private CameraIntrinsics? Build(
        int width, int height, string name, string kKey, double[] k, DistortionModel model, string dKey, double[] distortion, bool mayBeEmpty)
    {
        // OpenCV writes its rational model with 12 or 14 numbers; those past the eighth bend nothing when they are zero.
        if (model == DistortionModel.RationalPolynomial && distortion.Length is 12 or 14 && !distortion.AsSpan(8).ContainsAnyExcept(0.0))
        {
            distortion = distortion[..8];
        }

        bool empty = distortion.Length == 0 && (mayBeEmpty || HasProblemAt(dKey));
        if (!empty && LensCoefficients.WhyNot(model, distortion.Length) is { } why)
        {
            root.Problem(dKey, why);
        }

        if (distortion.Any(d => !double.IsFinite(d)))
        {
            root.Problem(dKey, "every coefficient must be a finite number");
        }

        if (k.Length != 9)
        {
            return null;
        }

        CheckMatrix(kKey, k, width, height);
        return new CameraIntrinsics(width, height, k[0], k[4], k[2], k[5]) { Name = name, DistortionModel = model, Distortion = [.. distortion] };
    }

    private void CheckMatrix(string key, double[] k, int width, int height)
    {
        void Problem(FormattableString message) => root.Problem(key, message.ToString(CultureInfo.InvariantCulture));

        if (!k.All(double.IsFinite))
        {
            Problem($"every number must be finite");
            return;
        }

        if (k is [0, 0, 0, 0, 0, 0, 0, 0, 0])
        {
            Problem($"all zero, which is how ROS marks a camera that was never calibrated: calibrate it");
            return;
        }

        if (k[1] != 0 || k[3] != 0 || k[6] != 0 || k[7] != 0 || k[8] != 1)
        {
            Problem($"expected [fx, 0, cx, 0, fy, cy, 0, 0, 1]; skew is not supported");
        }

        if (!(k[0] > 0 && k[4] > 0))
        {
            Problem($"the focal lengths fx = {k[0]} and fy = {k[4]} must be above 0");
        }
        else if (k[0] / k[4] is < 0.5 or > 2)
        {
            Problem($"fx = {k[0]} and fy = {k[4]} differ by more than a factor of 2: one of them is wrong");
        }
        else if (k[0] < width / 200.0 || k[0] > width * 100.0)
        {
            Problem($"fx = {k[0]} is no focal length in pixels for a picture {width} wide: pixels are expected, not millimetres");
        }

        Centre("cx", k[2], width, "wide");
        Centre("cy", k[5], height, "high");

        void Centre(string name, double value, int size, string side)
        {
            if (!(value > 0 && value < size - 1) && size > 1)
            {
                Problem($"{name} = {value} lies outside a picture {size} {side}: the matrix belongs to another size, or two numbers are swapped");
            }
        }
    }

    private CameraIntrinsics? ApplyRegionAndBinning(CameraIntrinsics? camera)
    {
        int binX = Math.Max(root.OptionalInt("binning_x", 0, 64) ?? 1, 1), binY = Math.Max(root.OptionalInt("binning_y", 0, 64) ?? 1, 1);
        int left = 0, top = 0, width = 0, height = 0;
        if (root.OptionalSection("roi") is { } roi)
        {
            left = roi.OptionalInt("x_offset", 0, LargestSide) ?? 0;
            top = roi.OptionalInt("y_offset", 0, LargestSide) ?? 0;
            width = roi.OptionalInt("width", 0, LargestSide) ?? 0;
            height = roi.OptionalInt("height", 0, LargestSide) ?? 0;
            roi.OptionalBool("do_rectify");
            roi.RefuseUnknownKeys();
        }

        if (camera is null || root.Problems.Problems.Count > 0)
        {
            return null;
        }

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

        return binX == 1 && binY == 1 ? camera : camera.Resized(camera.Width / binX, camera.Height / binY);
    }

    /// <summary>A matrix as the calibrators write it: rows, cols, data.</summary>
    private double[] Matrix(string key, int? rows, int? columns, bool required)
    {
        if ((required ? root.RequireSection(key) : root.OptionalSection(key)) is not { } section)
        {
            return [];
        }

        int? foundRows = section.OptionalInt("rows", 0, 64), foundColumns = section.OptionalInt("cols", 0, 64);
        section.OptionalString("dt");
        double[] data = section.Doubles("data", rows * columns);
        section.RefuseUnknownKeys();
        if (foundRows is { } r && foundColumns is { } c && ((rows is not null && r != rows) || (columns is not null && c != columns) || r * c != data.Length)
            && data.Length > 0)
        {
            root.Problem(key, rows is null ? $"rows × cols is {r}×{c}, data has {data.Length} numbers" : $"expected {rows}×{columns}, found {r}×{c}");
        }

        return data;
    }

    private bool HasProblemAt(string key) => root.Problems.Problems.Any(p => p.Message.StartsWith(key, StringComparison.Ordinal));
}
