using System.Collections.Immutable;
using System.Globalization;

namespace VisionBanana.Edge.Calibration;

/// <summary>
/// Looks for signs that a calibration, though well formed, is not that of the pictures it is used for. These are the mistakes that
/// give clouds of the wrong size without any error: another resolution, a crop, a guess, a fit that folds back at the corners.
/// </summary>
public static class CalibrationLint
{
    private const double SquarePixels = 0.05;
    private const double OffCentre = 0.15, FarOffCentre = 0.3;
    private const double NarrowDegrees = 15;
    private const double WidePinholeDegrees = 120;
    private const double NoRotation = 1e-3;
    private const double LargestBaselineM = 5;
    private const double SmallestFisheyeDegrees = 60;

    /// <summary>Everything suspicious about a camera, errors first; empty = nothing.</summary>
    /// <param name="camera">The intrinsics as they were read.</param>
    /// <param name="pictureSize">Width and height of the pictures they are used for; null = not known.</param>
    public static IReadOnlyList<LintFinding> Examine(CameraIntrinsics camera, (int Width, int Height)? pictureSize = null)
    {
        ArgumentNullException.ThrowIfNull(camera);
        var findings = new List<LintFinding>();
        if (pictureSize is { } size)
        {
            Size(findings, camera, size.Width, size.Height);
        }

        if (!Numbers(findings, camera))
        {
            return findings;
        }

        double ratio = camera.Fy / camera.Fx;
        double x = (camera.Cx + 0.5) / camera.Width, y = (camera.Cy + 0.5) / camera.Height;
        Shape(findings, camera, ratio);
        Centre(findings, camera, x, y);
        View(findings, camera);
        if (camera.IsPinhole && x == 0.5 && y == 0.5 && ratio == 1)
        {
            Warn(
                findings, "made_up", $"centred, square and without distortion: these are numbers somebody computed, not a calibration",
                "expect errors of some per cent in metres", "calibrate the camera, or undistort its pictures before");
        }

        Folds(findings, camera);
        return Sorted(findings);
    }

    /// <summary>As <see cref="Examine(CameraIntrinsics, ValueTuple{int, int}?)"/>, with what the file says of rectification, projection and pose.</summary>
    public static IReadOnlyList<LintFinding> Examine(CalibratedCamera camera, (int Width, int Height)? pictureSize = null)
    {
        ArgumentNullException.ThrowIfNull(camera);
        List<LintFinding> findings = [.. Examine(camera.Intrinsics, pictureSize)];
        Projection(findings, camera);
        if (camera.Rectification.Length == 9)
        {
            ImmutableArray<double> r = camera.Rectification;
            Rotation(findings, "rectification", new CameraPose("", [r[0], r[1], r[2], 0, r[3], r[4], r[5], 0, r[6], r[7], r[8], 0, 0, 0, 0, 1]));
        }

        if (camera.Pose is { } pose)
        {
            Rotation(findings, "extrinsics", pose);
            if (pose.Distance > LargestBaselineM)
            {
                Warn(
                    findings, "baseline",
                        $"the camera is {pose.Distance:0.###} m from {pose.Reference}: expected metres below {LargestBaselineM}, are these millimetres?",
                    "stereo depth is proportional to this distance",
                        $"divide the translation by {(pose.Distance > 50 ? 1000 : 100)}, or calibrate with the board's squares in metres");
            }
        }

        return Sorted(findings);
    }

    private static void Size(List<LintFinding> findings, CameraIntrinsics camera, int width, int height)
    {
        if ((camera.Width, camera.Height) == (width, height))
        {
            return;
        }

        if (!camera.HasAspectOf(width, height))
        {
            Fail(
                findings, "picture_size", $"the calibration is for {camera.Width}×{camera.Height}, the pictures are {width}×{height}: another aspect ratio",
                "how the picture was cut or stretched cannot be told, every ray would be wrong", $"calibrate at {width}×{height}");
        }
        else
        {
            Warn(
                findings, "picture_size",
                    $"the calibration is for {camera.Width}×{camera.Height}, the pictures are {width}×{height}, which is the same aspect ratio",
                "right only when the camera scales the whole picture and does not crop it", $"vbedge calibration scale FILE OUT --size {width}x{height}");
        }
    }

    /// <summary>Whether the numbers can be reasoned about at all.</summary>
    private static bool Numbers(List<LintFinding> findings, CameraIntrinsics camera)
    {
        const string Why = "no ray can be told from these numbers";
        int before = findings.Count;
        new CameraDraft(camera.Width, camera.Height)
        {
            Fx = camera.Fx,
            Fy = camera.Fy,
            Cx = camera.Cx,
            Cy = camera.Cy,
            Skew = camera.Skew,
            Model = LensModels.Of(camera.DistortionModel).Name,
            Coefficients = camera.Distortion.IsDefault ? [] : camera.Distortion,
        }.Finish("camera_matrix", "distortion", (key, message) => findings.Add(new LintFinding(LintSeverity.Error, key, message, Why, "calibrate the camera")));
        return findings.Count == before;
    }

    private static void Shape(List<LintFinding> findings, CameraIntrinsics camera, double ratio)
    {
        if (Math.Abs(ratio - 1) > SquarePixels)
        {
            Warn(
                findings, "focal_lengths", $"fy / fx is {ratio:0.000}, pixels are square on nearly every camera",
                "the pictures were stretched, or the calibration belongs to another aspect ratio", "calibrate with pictures as they are used");
        }

        if (Math.Abs(camera.Skew) > 0.01 * camera.Fx)
        {
            Warn(
                findings, "skew", $"the skew is {camera.Skew:0.###} beside fx = {camera.Fx:0.#}: expected near 0",
                "rows and columns of a sensor are at right angles", "calibrate again with the skew fixed at 0");
        }
    }

    private static void Centre(List<LintFinding> findings, CameraIntrinsics camera, double x, double y)
    {
        double off = Math.Max(Math.Abs(x - 0.5), Math.Abs(y - 0.5));
        if (off > OffCentre)
        {
            string size = string.Create(CultureInfo.InvariantCulture, $"{(2 * camera.Cx) + 1:0}×{(2 * camera.Cy) + 1:0}");
            FormattableString what =
                $"the principal point lies at {x:P0} of the width and {y:P0} of the height, expected near the middle: another size ({size}?) or a crop";
            Add(
                findings, off > FarOffCentre ? LintSeverity.Error : LintSeverity.Warning, "principal_point", what,
                "rays, and so metres, are wrong by the same part", $"calibrate at {camera.Width}×{camera.Height}, or scale or crop the calibration to it");
        }
    }

    private static void View(List<LintFinding> findings, CameraIntrinsics camera)
    {
        double fov = camera.HorizontalFovDegrees;
        bool polynomial = camera.DistortionModel is DistortionModel.PlumbBob or DistortionModel.RationalPolynomial or DistortionModel.InverseBrownConrady;
        string kind = fov < NarrowDegrees ? "a telephoto lens" : "too wide for this lens model: calibrate a fisheye as equidistant";
        if (fov < NarrowDegrees || (polynomial && fov > WidePinholeDegrees))
        {
            Warn(
                findings, "field_of_view",
                $"the horizontal field of view is {fov:0.0}°, {kind}",
                "a wrong focal length scales every metre", $"check the focal length, and that it belongs to {camera.Width}×{camera.Height}");
        }
        else if (camera.DistortionModel == DistortionModel.Equidistant && fov < SmallestFisheyeDegrees)
        {
            Warn(
                findings, "fisheye", $"a fisheye model with a horizontal field of view of {fov:0.0}°",
                "coefficients of a plumb_bob file read as equidistant bend rays wrongly", "check the distortion model of the file");
        }
    }

    private static void Folds(List<LintFinding> findings, CameraIntrinsics camera)
    {
        (double X, double Y)[] border =
        [
            (0, 0), (camera.Width - 1, 0), (0, camera.Height - 1), (camera.Width - 1, camera.Height - 1),
            (camera.Cx, 0), (camera.Cx, camera.Height - 1), (0, camera.Cy), (camera.Width - 1, camera.Cy),
        ];
        int behind = border.Count(p => double.IsNaN(camera.Unproject(p.X, p.Y).SlopeX));
        int folded = border.Count(p => double.IsNaN(camera.UnprojectRay(p.X, p.Y).X));
        double fold = camera.Lens.FoldRadius * camera.Fx;
        if (behind > folded)
        {
            Warn(
                findings, "behind", $"{behind - folded} of {border.Length} points on the picture's border look past 89.5° from the axis",
                "a painted picture and its cloud hold nothing of it", "nothing to mend on a fisheye; with any other lens check the focal length");
        }

        if (folded == 0)
        {
            return;
        }

        // Half of the picture's height lost means that the middle is wrong too.
        bool isGrave = fold < 0.5 * Math.Min(camera.Width, camera.Height)
            && camera.DistortionModel is DistortionModel.PlumbBob or DistortionModel.RationalPolynomial;
        Add(
            findings, isGrave ? LintSeverity.Error : LintSeverity.Warning, "fold",
            $"the lens model folds back before {folded} of {border.Length} points on the picture's border, {fold:0} pixels from the principal point",
            "nothing is seen there; a fisheye's coefficients read as plumb_bob look like this",
            "check the distortion model of the file, calibrate again with the board in the corners, or with fewer coefficients");
    }

    private static void Projection(List<LintFinding> findings, CalibratedCamera camera)
    {
        ImmutableArray<double> p = camera.Projection;
        CameraIntrinsics k = camera.Intrinsics;
        if (p.Length != 12 || !p.AsSpan().ContainsAnyExcept(0.0))
        {
            return;
        }

        if (!(p[0] > 0) || !(p[5] > 0) || Math.Abs((p[0] / k.Fx) - 1) > 0.5 || Math.Abs(p[2] - k.Cx) > 0.25 * k.Width
            || Math.Abs(p[6] - k.Cy) > 0.25 * k.Height)
        {
            Warn(
                findings, "projection",
                    $"P (fx {p[0]:0.#}, cx {p[2]:0.#}, cy {p[6]:0.#}) does not fit K (fx {k.Fx:0.#}, cx {k.Cx:0.#}, cy {k.Cy:0.#})",
                "one of them belongs to another size; readers that use P see another camera",
                    "write the file anew: vbedge calibration convert FILE OUT --to ros");
        }

        double baseline = p[0] > 0 ? Math.Abs(p[3] / p[0]) : 0;
        if (baseline > LargestBaselineM)
        {
            Warn(
                findings, "baseline",
                    $"the projection matrix says that the cameras are {baseline:0.#} m apart: expected metres below {LargestBaselineM}, are these millimetres?",
                "stereo depth is proportional to this distance", "calibrate with the board's squares in metres");
        }
    }

    private static void Rotation(List<LintFinding> findings, string rule, CameraPose pose)
    {
        if (!pose.Matrix.All(double.IsFinite) || pose.Skewness > NoRotation)
        {
            Fail(
                findings, rule, $"the rotation of the {rule} is none: RᵀR differs from the identity by {pose.Skewness:0.####}",
                "points would be stretched", "check that the matrix is written row by row and not rounded");
        }
        else if (pose.Determinant < 0)
        {
            Fail(
                findings, rule, $"the rotation of the {rule} mirrors: its determinant is {pose.Determinant:0.##}, expected 1",
                "left would become right", "turn the sign of one axis");
        }
    }

    private static void Warn(List<LintFinding> findings, string rule, FormattableString what, string why, string remedy) =>
        Add(findings, LintSeverity.Warning, rule, what, why, remedy);

    private static void Fail(List<LintFinding> findings, string rule, FormattableString what, string why, string remedy) =>
        Add(findings, LintSeverity.Error, rule, what, why, remedy);

    private static void Add(List<LintFinding> findings, LintSeverity severity, string rule, FormattableString what, string why, string remedy) =>
        findings.Add(new LintFinding(severity, rule, what.ToString(CultureInfo.InvariantCulture), why, remedy));

    private static LintFinding[] Sorted(List<LintFinding> findings) => [.. findings.OrderByDescending(f => f.Severity)];
}
