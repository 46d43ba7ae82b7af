using VisionBanana.Edge.Imaging;

namespace VisionBanana.Edge.Pipeline;

/// <summary>What was found when a source was opened; see <see cref="ReaderSource"/>.</summary>
/// <param name="text">One line for people.</param>
/// <param name="width">Pixels per row.</param>
/// <param name="height">Rows.</param>
/// <param name="isLive">True for cameras and streams.</param>
/// <param name="framesPerSecond">Nominal rate in Hz; null = unknown.</param>
/// <param name="options">What was asked for.</param>
/// <param name="open">Opens it again, for one subscription or reconnection.</param>
public sealed class OpenedSource(
    string text, int width, int height, bool isLive, double? framesPerSecond, CameraSourceOptions options, Func<IPictureReader> open)
{
    /// <summary>One line for people.</summary>
    public string Text => text;

    /// <summary>Pixels per row.</summary>
    public int Width => width;

    /// <summary>Rows.</summary>
    public int Height => height;

    /// <summary>Channel order of the pictures.</summary>
    public PixelFormat Format { get; init; } = PixelFormat.Bgr8;

    /// <summary>True for cameras and streams.</summary>
    public bool IsLive { get; } = isLive;

    /// <summary>Whether it is opened again when it is lost: by default, cameras and streams are.</summary>
    public bool Reconnects { get; init; } = isLive;

    /// <summary>Whether the reader says when pictures are due (<see cref="IPictureReader.UntilDue"/>); otherwise they come at the nominal rate.</summary>
    public bool PacesItself { get; init; }

    /// <summary>Nominal rate in Hz; null = unknown.</summary>
    public double? FramesPerSecond => framesPerSecond;

    /// <summary>What was asked for.</summary>
    public CameraSourceOptions Options => options;

    /// <summary>Opens it again, for one subscription or reconnection.</summary>
    /// <exception cref="CameraException">It is gone.</exception>
    public IPictureReader Open() => open();
}
