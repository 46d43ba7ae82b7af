using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Hosting.Configuration;
using VisionBanana.Edge.Perception;
using VisionBanana.Edge.Pipeline;

namespace VisionBanana.Edge.Cli.Shell;

/// <summary>Lets <see cref="CalibrationLint"/> speak before a calibration is used: warnings are shown on standard error, errors stop.</summary>
internal static class CalibrationGate
{
    /// <summary>The part of a picture that may be left out in silence.</summary>
    private const double Unnoticed = 0.005;

    /// <summary>Examines what an opened camera says of itself; a field of view given by hand is what somebody wanted.</summary>
    /// <exception cref="ConfigurationException">Every error that was found.</exception>
    public static void Pass(CameraEntry camera, ICameraSource source)
    {
        if (camera.HfovDegrees is null)
        {
            Pass(camera.Calibration ?? Redactor.Address(camera.Source.Address), source.Intrinsics);
        }
    }

    /// <summary>Says on standard error how much of the camera's picture is not looked at.</summary>
    /// <param name="pipeline">The run.</param>
    /// <param name="view">What the file says of the view.</param>
    /// <param name="camera">The camera's name, where there are several; else null.</param>
    public static void TellLeftOut(PerceptionPipeline pipeline, CameraView? view, string? camera = null)
    {
        if (pipeline.LeftOut is { } share && share > Unnoticed)
        {
            Console.Error.WriteLine(
                $"vbedge: {(camera is null ? "" : $"{camera}: ")}{LeftOut(share)}"
                    + $"{(view is null ? "; camera.view says otherwise: {hfov_deg: …, yaw_deg: …}" : "")}");
        }

        if (view?.HorizontalFovDegrees is { } asked && pipeline.Painter.HorizontalFovDegrees is { } native && Math.Abs(asked - native) > 1)
        {
            Console.Error.WriteLine(FormattableString.Invariant(
                $"vbedge: warning: {pipeline.Painter.Name} was trained for {native}°: at {asked}° its metres are scaled by focal length and less certain"));
        }
    }

    /// <summary>How much of a picture is not looked at, for people.</summary>
    public static string LeftOut(double share) =>
        FormattableString.Invariant($"the painted view leaves out {100 * share:0.#} % of the camera's picture");

    /// <summary>Examines a calibration for pictures of its size.</summary>
    /// <param name="place">The file or source it comes from.</param>
    /// <param name="camera">The calibration; null = none.</param>
    /// <exception cref="ConfigurationException">Every error that was found.</exception>
    public static void Pass(string place, CameraIntrinsics? camera)
    {
        if (camera is null)
        {
            return;
        }

        var errors = new List<ConfigurationProblem>();
        foreach (LintFinding finding in CalibrationLint.Examine(camera, (camera.Width, camera.Height)))
        {
            if (finding.Severity == LintSeverity.Error)
            {
                errors.Add(new ConfigurationProblem(place, 0, 0, $"calibration '{camera.Name}': {finding}"));
            }
            else
            {
                Console.Error.WriteLine($"vbedge: warning: {place}: calibration '{camera.Name}': {finding}");
            }
        }

        if (errors.Count > 0)
        {
            throw new ConfigurationException(errors);
        }
    }
}
