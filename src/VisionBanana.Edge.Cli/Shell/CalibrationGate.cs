using VisionBanana.Edge.Calibration;

namespace VisionBanana.Edge.Cli.Shell;

/// <summary>Lets <see cref="CalibrationLint"/> speak before a calibration is used: warnings are shown on standard error, errors stop.</summary>
internal static class CalibrationGate
{
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
