using VisionBanana.Edge.Calibration;

namespace VisionBanana.Edge.Pipeline;

/// <summary>What every kind of source checks before its first picture.</summary>
internal static class SourceChecks
{
    public static CameraIntrinsics? IntrinsicsFor(OpenedSource source)
    {
        CameraSourceOptions options = source.Options;
        if (options.Intrinsics is not { } camera)
        {
            return options.HorizontalFovDegrees is { } fov ? CameraIntrinsics.FromHorizontalFov(source.Width, source.Height, fov) : null;
        }

        if (options.HorizontalFovDegrees is not null)
        {
            throw new CameraException("A calibration and a horizontal field of view were given for one camera: leave one of them out.");
        }

        if ((camera.Width, camera.Height) != (source.Width, source.Height))
        {
            throw new CameraException(
                $"The calibration '{camera.Name}' is for {camera.Width}×{camera.Height}, the pictures of {source.Text} are {source.Width}×{source.Height}: "
                + "give the file that was made at this size, or calibrate again.");
        }

        return camera;
    }
}
