using System.Globalization;

namespace VisionBanana.Edge.Calibration;

/// <summary>
/// Looks for signs that a calibration, though well formed, is not that of the pictures it is used for. These are the mistakes that
/// give clouds of the wrong size without any error: another resolution, a crop, a guess, a fit that folds back at the corners.
/// </summary>
public static class CalibrationLint
{
    private const double SquarePixels = 0.05;
    private const double OffCentre = 0.15;
    private const double NarrowDegrees = 15;
    private const double WidePinholeDegrees = 120;

    /// <summary>Everything suspicious, each with what to do; empty = nothing.</summary>
    public static IReadOnlyList<string> Examine(CameraIntrinsics camera)
    {
        ArgumentNullException.ThrowIfNull(camera);
        var findings = new List<string>();
        double ratio = camera.Fy / camera.Fx;
        if (Math.Abs(ratio - 1) > SquarePixels)
        {
            findings.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"fy / fx is {ratio:0.000}, pixels are square on nearly every camera: the pictures were stretched, or the calibration belongs to another aspect ratio; calibrate with pictures as they are used."));
        }

        double x = (camera.Cx + 0.5) / camera.Width, y = (camera.Cy + 0.5) / camera.Height;
        if (Math.Abs(x - 0.5) > OffCentre || Math.Abs(y - 0.5) > OffCentre)
        {
            findings.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"the principal point lies at {x:P0} of the width and {y:P0} of the height, expected near the middle: the calibration belongs to another size ({2 * camera.Cx + 1:0}×{2 * camera.Cy + 1:0}?) or to a crop; calibrate at {camera.Width}×{camera.Height}."));
        }

        double fov = camera.HorizontalFovDegrees;
        bool polynomial = camera.DistortionModel != DistortionModel.Equidistant;
        if (fov < NarrowDegrees || (polynomial && fov > WidePinholeDegrees))
        {
            findings.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"the horizontal field of view is {fov:0.0}°, {(fov < NarrowDegrees ? "a telephoto lens" : "too wide for this lens model: calibrate a fisheye as equidistant")}; check the focal length, and that it belongs to {camera.Width}×{camera.Height}."));
        }

        if (camera.IsPinhole && x == 0.5 && y == 0.5 && ratio == 1)
        {
            findings.Add("centred, square and without distortion: these are numbers somebody computed, not a calibration; expect errors of some per cent in metres.");
        }

        (double X, double Y)[] border =
        [
            (0, 0), (camera.Width - 1, 0), (0, camera.Height - 1), (camera.Width - 1, camera.Height - 1),
            (camera.Cx, 0), (camera.Cx, camera.Height - 1), (0, camera.Cy), (camera.Width - 1, camera.Cy),
        ];
        if (border.Count(p => double.IsNaN(camera.Unproject(p.X, p.Y).SlopeX)) is > 0 and var folded)
        {
            findings.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"the lens model folds back before {folded} of {border.Length} points on the picture's border: nothing is seen there; calibrate again with the board in the corners, or with fewer coefficients."));
        }

        return findings;
    }
}
