using System.Collections.Immutable;

namespace VisionBanana.Edge.Calibration;

/// <summary>A camera as a calibration file describes it: its intrinsics, and what the file says besides.</summary>
/// <param name="Intrinsics">Where its pixels look; the name is the one by which the file tells its cameras apart.</param>
public sealed record CalibratedCamera(CameraIntrinsics Intrinsics)
{
    /// <summary>The camera's name in its file.</summary>
    public string Name => Intrinsics.Name;

    /// <summary>3 × 3 rectification, row by row, when the file has one; else empty. Not applied: pictures stay in the camera's own frame.</summary>
    public ImmutableArray<double> Rectification { get; init; } = [];

    /// <summary>3 × 4 projection of the rectified picture, row by row, when the file has one; else empty. Only checked.</summary>
    public ImmutableArray<double> Projection { get; init; } = [];

    /// <summary>Where the camera is, when the file says it.</summary>
    public CameraPose? Pose { get; init; }
}
