using Microsoft.Extensions.Logging;
using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Pipeline;

/// <summary>What every kind of source checks before its first picture.</summary>
internal static partial class SourceChecks
{
    private const long MostPoolBytes = 1L << 30;

    /// <summary>The pool of a source's pictures. Large ones are fewer, two at least: together they hold 1 GiB at most.</summary>
    /// <exception cref="CameraException">They are larger than any camera's.</exception>
    public static LeasePool<CameraFrame> PoolOf(string source, int width, int height, PixelFormat format, int capacity)
    {
        long pixels = (long)width * height;
        return pixels <= CameraFrame.MostPixels
            ? CameraFrame.CreatePool((int)Math.Clamp(MostPoolBytes / (pixels * 3), Math.Min(2, capacity), capacity), width, height, format)
            : throw new CameraException($"{source}: the pictures claim {width}×{height} pixels, expected at most {CameraFrame.MostPixels} in all.");
    }

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

        int turns = TurnedSource.QuarterTurns(options.Rotation);
        if (turns is 1 or 3 && !camera.HasAspectOf(source.Width, source.Height) && camera.HasAspectOf(source.Height, source.Width))
        {
            throw new CameraException(
                $"The calibration '{camera.Name}' is for {camera.Width}×{camera.Height}, the size of pictures that are turned already; the camera delivers "
                + $"{source.Width}×{source.Height} and they are turned by {turns * 90}° here. Expected the calibration of the pictures as the camera delivers "
                + "them: it is turned with them. Calibrate without turning, or turn in the camera and leave rotate out.");
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
