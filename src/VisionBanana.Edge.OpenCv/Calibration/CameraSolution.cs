using VisionBanana.Edge.Calibration;

namespace VisionBanana.Edge.OpenCv.Calibration;

/// <summary>A camera that was solved from views of a board.</summary>
/// <param name="Camera">The intrinsics.</param>
/// <param name="Rms">Root mean square of all distances between found and projected points, in pixels.</param>
/// <param name="Views">The views it was solved from.</param>
public sealed record CameraSolution(CameraIntrinsics Camera, double Rms, IReadOnlyList<ViewError> Views)
{
    /// <summary>Standard deviations of fx, fy, cx, cy and the coefficients, in their order; NaN where they cannot be told.</summary>
    public IReadOnlyList<double> Deviations { get; init; } = [];

    /// <summary>Found and projected points of each view, in the order of <see cref="Views"/>: x, y, x, y in pixels.</summary>
    internal IReadOnlyList<IReadOnlyList<(double X, double Y, double ProjectedX, double ProjectedY)>> Residuals { get; init; } = [];
}
