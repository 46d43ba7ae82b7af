using System.Globalization;
using VisionBanana.Edge.Calibration;

namespace VisionBanana.Edge.Cli.Commands;

/// <summary>The numbers of a camera for <c>calibration show</c>.</summary>
internal sealed record CameraReport(
    string Name, int Width, int Height, double Fx, double Fy, double Cx, double Cy, double Skew, DistortionModel DistortionModel,
        IReadOnlyList<double> Distortion,
    double HorizontalFovDegrees, double VerticalFovDegrees, double DiagonalFovDegrees, double RayCoverage, double FrontCoverage,
    string Output, IReadOnlyList<LintFinding> Findings)
{
    public static CameraReport Of(CalibratedCamera calibrated, double coverage, double front, string output)
    {
        CameraIntrinsics c = calibrated.Intrinsics;
        return new CameraReport(
            c.Name, c.Width, c.Height, c.Fx, c.Fy, c.Cx, c.Cy, c.Skew, c.DistortionModel, [.. c.Distortion.IsDefault ? [] : c.Distortion],
            Angle(c, 0, c.Cy, c.Width - 1, c.Cy), Angle(c, c.Cx, 0, c.Cx, c.Height - 1), Angle(c, 0, 0, c.Width - 1, c.Height - 1),
            coverage, front, output, CalibrationLint.Examine(calibrated));
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        {Name}: {Width}×{Height}, {DistortionModel} [{string.Join(", ", Distortion)}]
          fx {Fx:0.###}  fy {Fy:0.###}  cx {Cx:0.###}  cy {Cy:0.###}  skew {Skew:0.###}
          view {HorizontalFovDegrees:0.0}° × {VerticalFovDegrees:0.0}°, diagonal {DiagonalFovDegrees:0.0}° (as the lens sees; NaN where its model ends)
          {RayCoverage:P1} of the pixels have a ray, {FrontCoverage:P1} one in front of the camera
          {Output}
        """) + string.Concat(Findings.Select(f => $"{Environment.NewLine}  {(f.Severity == LintSeverity.Error ? "error" : "warning")}: {f}"));

    /// <summary>Degrees between the rays of two pixels, through the lens.</summary>
    private static double Angle(CameraIntrinsics camera, double x0, double y0, double x1, double y1)
    {
        (double ax, double ay, double az) = camera.UnprojectRay(x0, y0);
        (double bx, double by, double bz) = camera.UnprojectRay(x1, y1);
        double dot = (ax * bx) + (ay * by) + (az * bz);
        return double.RadiansToDegrees(Math.Acos(Math.Clamp(dot, -1, 1)));
    }
}
