using System.Globalization;
using VisionBanana.Edge.Calibration;

namespace VisionBanana.Edge.Cli.Commands;

/// <summary>The numbers of a camera for <c>calibration show</c>.</summary>
internal sealed record CameraReport(
    string Name, int Width, int Height, double Fx, double Fy, double Cx, double Cy, double Skew, DistortionModel DistortionModel,
        IReadOnlyList<double> Distortion,
    double HorizontalFovDegrees, double VerticalFovDegrees, double DiagonalFovDegrees, double RayCoverage, string Output, IReadOnlyList<LintFinding> Findings)
{
    public static CameraReport Of(CalibratedCamera calibrated, double coverage, string output)
    {
        CameraIntrinsics c = calibrated.Intrinsics;
        return new CameraReport(
            c.Name, c.Width, c.Height, c.Fx, c.Fy, c.Cx, c.Cy, c.Skew, c.DistortionModel, [.. c.Distortion.IsDefault ? [] : c.Distortion],
            Angle(c, 0, c.Cy, c.Width - 1, c.Cy), Angle(c, c.Cx, 0, c.Cx, c.Height - 1), Angle(c, 0, 0, c.Width - 1, c.Height - 1),
            coverage, output, CalibrationLint.Examine(calibrated));
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        {Name}: {Width}×{Height}, {DistortionModel} [{string.Join(", ", Distortion)}]
          fx {Fx:0.###}  fy {Fy:0.###}  cx {Cx:0.###}  cy {Cy:0.###}  skew {Skew:0.###}
          view {HorizontalFovDegrees:0.0}° × {VerticalFovDegrees:0.0}°, diagonal {DiagonalFovDegrees:0.0}° (as the lens sees; NaN past 89.5° from the axis)
          {RayCoverage:P1} of the pixels have a ray in front of the camera
          {Output}
        """) + string.Concat(Findings.Select(f => $"{Environment.NewLine}  {(f.Severity == LintSeverity.Error ? "error" : "warning")}: {f}"));

    /// <summary>Degrees between the rays of two pixels, through the lens.</summary>
    private static double Angle(CameraIntrinsics camera, double x0, double y0, double x1, double y1)
    {
        (double ax, double ay) = camera.Unproject(x0, y0);
        (double bx, double by) = camera.Unproject(x1, y1);
        double dot = ((ax * bx) + (ay * by) + 1) / Math.Sqrt(((ax * ax) + (ay * ay) + 1) * ((bx * bx) + (by * by) + 1));
        return double.RadiansToDegrees(Math.Acos(Math.Clamp(dot, -1, 1)));
    }
}
