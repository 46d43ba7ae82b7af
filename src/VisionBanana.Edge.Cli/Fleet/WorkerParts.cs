using Microsoft.Extensions.Logging;
using VisionBanana.Edge.Diagnostics;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Cli.Fleet;

/// <summary>What all cameras of a worker share.</summary>
internal sealed class WorkerParts
{
    /// <summary>Larger pictures are refused: 16 million pixels.</summary>
    public const long MostPixels = 1 << 24;

    private LeasePool<CameraFrame>? _pictures;
    private (int Width, int Height) _size;

    /// <summary>The model.</summary>
    public required IPainter Painter { get; init; }

    /// <summary>Compresses what is published.</summary>
    public required IImageEncoder Images { get; init; }

    /// <summary>Reads pictures of robots: bytes from outside.</summary>
    public required IImageDecoder Decoder { get; init; }

    /// <summary>Durations by stage, of all cameras.</summary>
    public StageLatencies Latencies { get; } = new();

    /// <summary>Ends a painting that takes long.</summary>
    public CancellationToken Stopping { get; init; }

    /// <summary>Told what goes wrong without ending the worker.</summary>
    public required ILogger Log { get; init; }

    /// <summary>Time of stamps and durations.</summary>
    public required TimeProvider Clock { get; init; }

    /// <summary>Memory for the picture in hand: a worker has one, whoever sent it. Who rents it disposes it.</summary>
    public CameraFrame Rent(int width, int height)
    {
        if (_pictures is null || _size != (width, height) || !_pictures.TryRent(out CameraFrame? picture))
        {
            // Colours in the order in which cameras deliver them: what is computed is the same as there.
            (_pictures, _size) = (CameraFrame.CreatePool(1, width, height, PixelFormat.Bgr8), (width, height));
            _ = _pictures.TryRent(out picture);
        }

        return picture!;
    }
}
