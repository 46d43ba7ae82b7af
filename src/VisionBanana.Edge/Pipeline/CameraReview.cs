using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Pipeline;

/// <summary>What there is to say of a camera's calibration while it runs. Worked out once per calibration.</summary>
/// <param name="Findings">What <see cref="CalibrationLint"/> says, or that there is nothing.</param>
/// <param name="IsSuspicious">Whether that is more than that the numbers were given by hand.</param>
/// <param name="LeftOut">The part of the picture that the painted view leaves out, 0 to 1; null = not calibrated.</param>
internal sealed record CameraReview(string Findings, bool IsSuspicious, double? LeftOut)
{
    private const string MadeUp = "made_up";

    /// <summary>Looks at a calibration.</summary>
    public static CameraReview Of(CameraIntrinsics? camera, Perceiver perceiver)
    {
        if (camera is null)
        {
            return new CameraReview("none", false, null);
        }

        IReadOnlyList<LintFinding> findings = CalibrationLint.Examine(camera);
        return new CameraReview(
            findings.Count == 0 ? "nothing suspicious" : string.Join(" ", findings), findings.Any(f => f.Rule != MadeUp), perceiver.LeftOut(camera));
    }
}
