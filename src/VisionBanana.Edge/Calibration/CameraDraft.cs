using System.Collections.Immutable;
using System.Globalization;

namespace VisionBanana.Edge.Calibration;

/// <summary>
/// The numbers of a camera as somebody wrote them, before they are believed. Every reader of a calibration ends here, so that all refuse
/// the same things in the same words.
/// </summary>
internal sealed record CameraDraft(int Width, int Height)
{
    /// <summary>Pixels per row or rows, at most.</summary>
    public const int LargestSide = 65535;

    public string Name { get; init; } = "camera";

    public double Fx { get; init; }

    public double Fy { get; init; }

    public double Cx { get; init; }

    public double Cy { get; init; }

    public double Skew { get; init; }

    /// <summary>The distortion model as it was named; null = told by the number of coefficients.</summary>
    public string? Model { get; init; }

    public ImmutableArray<double> Coefficients { get; init; } = [];

    /// <summary>The draft with the numbers of a 3 × 3 camera matrix, or null after a problem.</summary>
    public CameraDraft? WithMatrix(ReadOnlySpan<double> k, string key, Action<string, string> problem)
    {
        if (k.Length != 9)
        {
            return null;
        }

        if (!k.ContainsAnyExcept(0.0))
        {
            problem(key, "all zero, which is how ROS marks a camera that was never calibrated: calibrate it");
            return null;
        }

        if (k[3] != 0 || k[6] != 0 || k[7] != 0 || k[8] != 1)
        {
            problem(key, "expected [fx, skew, cx, 0, fy, cy, 0, 0, 1], row by row");
        }

        return this with { Fx = k[0], Skew = k[1], Cx = k[2], Fy = k[4], Cy = k[5] };
    }

    /// <summary>The camera, or null after problems, each told at the key where its numbers stand.</summary>
    public CameraIntrinsics? Finish(string matrixKey, string distortionKey, Action<string, string> problem)
    {
        int problems = 0;
        void Report(string key, FormattableString message)
        {
            problem(key, message.ToString(CultureInfo.InvariantCulture));
            problems++;
        }

        CheckMatrix(matrixKey, Report);
        string model = Model ?? (Coefficients.IsDefault ? 0 : Coefficients.Length) switch { 8 or 12 or 14 => "rational_polynomial", _ => "plumb_bob" };
        if (LensModels.Read(model, Coefficients, out DistortionModel lens, out ImmutableArray<double> coefficients) is { } why)
        {
            Report(distortionKey, $"{why}");
        }

        return problems > 0 ? null : new CameraIntrinsics(Width, Height, Fx, Fy, Cx, Cy)
        {
            Name = Name,
            Skew = Skew,
            DistortionModel = lens,
            Distortion = coefficients,
        };
    }

    private void CheckMatrix(string key, Action<string, FormattableString> report)
    {
        if (Width is < 1 or > LargestSide || Height is < 1 or > LargestSide)
        {
            report(key, $"a picture of {Width}×{Height}: expected 1 to {LargestSide} pixels on each side");
            return;
        }

        if (!double.IsFinite(Fx) || !double.IsFinite(Fy) || !double.IsFinite(Cx) || !double.IsFinite(Cy) || !double.IsFinite(Skew))
        {
            report(key, $"fx = {Fx}, fy = {Fy}, cx = {Cx}, cy = {Cy}, skew = {Skew}: every number must be finite");
            return;
        }

        if (!(Fx > 0 && Fy > 0))
        {
            report(key, $"the focal lengths fx = {Fx} and fy = {Fy} must be above 0");
        }
        else if (Fx / Fy is < 0.5 or > 2)
        {
            report(key, $"fx = {Fx} and fy = {Fy} differ by more than a factor of 2: one of them is wrong");
        }
        else if (Fx < Width / 20.0 || Fx > Width * 100.0)
        {
            report(key, $"fx = {Fx} is no focal length in pixels for a picture {Width} wide: pixels are expected, not millimetres");
        }
        else if (Math.Abs(Skew) > 0.1 * Fx)
        {
            report(key, $"the skew is {Skew} beside fx = {Fx}: expected near 0; is the matrix written column by column?");
        }

        Centre("cx", Cx, Width, "wide");
        Centre("cy", Cy, Height, "high");

        void Centre(string name, double value, int size, string side)
        {
            if (!(value > 0 && value < size - 1) && size > 1)
            {
                report(key, $"{name} = {value} lies outside a picture {size} {side}: the matrix belongs to another size, or two numbers are swapped");
            }
        }
    }
}
