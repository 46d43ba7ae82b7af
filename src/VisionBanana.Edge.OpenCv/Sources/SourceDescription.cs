using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Pipeline;

namespace VisionBanana.Edge.OpenCv.Sources;

/// <summary>What was found when a source was opened.</summary>
/// <param name="Text">One line for people.</param>
/// <param name="Width">Pixels per row.</param>
/// <param name="Height">Rows.</param>
/// <param name="IsLive">True for cameras and streams.</param>
/// <param name="FramesPerSecond">Nominal rate; null = unknown.</param>
/// <param name="Options">What was asked for.</param>
/// <param name="Open">Opens it again, for one subscription or reconnection.</param>
internal sealed record SourceDescription(
    string Text, int Width, int Height, bool IsLive, double? FramesPerSecond, CameraSourceOptions Options, Func<IPictureReader> Open)
{
    /// <summary>Channel order of the pictures.</summary>
    public PixelFormat Format { get; init; } = PixelFormat.Bgr8;
}
