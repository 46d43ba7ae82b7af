using VisionBanana.Edge.Calibration;

namespace VisionBanana.Edge.Perception;

/// <summary>Chooses the pinhole camera that a painter sees: its input size, and the field of view it was trained for if it has one.</summary>
public static class PaintedCamera
{
    /// <summary>
    /// A centred pinhole with square pixels that looks along the optical axis of the source camera. Without a field of view of
    /// its own the painter gets the one of the source (of its undistorted pinhole); where the source's picture is flatter or
    /// narrower than that view, pixels have no source.
    /// </summary>
    /// <param name="source">The camera that takes the pictures; null = not calibrated.</param>
    /// <param name="width">Input width of the painter.</param>
    /// <param name="height">Input height of the painter.</param>
    /// <param name="horizontalFovDegrees">The view the painter was trained for; null = it scales with the focal length.</param>
    /// <returns>The painted camera, or null without calibration: the picture is only letterboxed and nothing is metric.</returns>
    public static CameraIntrinsics? For(CameraIntrinsics? source, int width, int height, double? horizontalFovDegrees) => source is null
        ? null
        : CameraIntrinsics.FromHorizontalFov(width, height, horizontalFovDegrees ?? source.HorizontalFovDegrees) with { Name = source.Name };
}
