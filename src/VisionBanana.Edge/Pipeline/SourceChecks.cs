using Microsoft.Extensions.Logging;
using VisionBanana.Edge.Calibration;

namespace VisionBanana.Edge.Pipeline;

/// <summary>What every kind of source checks before its first picture.</summary>
internal static partial class SourceChecks
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

        CameraIntrinsics scaled = camera.ScaledTo(source.Width, source.Height);
        if (scaled != camera)
        {
            LogScaled(options.Logger, camera.Name, camera.Width, camera.Height, source.Text, source.Width, source.Height);
        }

        return scaled;
    }

    [LoggerMessage(
        LogLevel.Warning,
        "The calibration '{Camera}' for {Width}×{Height} is scaled to the pictures of {Source}, {PictureWidth}×{PictureHeight}: right only when the camera "
            + "shrinks its whole picture and does not crop it.")]
    private static partial void LogScaled(
        ILogger logger, string camera, int width, int height, string source, int pictureWidth, int pictureHeight);
}
