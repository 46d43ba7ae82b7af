using Microsoft.Extensions.Logging;
using VisionBanana.Edge.Diagnostics;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Cli.Fleet;

/// <summary>What all cameras of a worker share.</summary>
internal sealed record WorkerParts
{
    /// <summary>Larger pictures are refused: 64 million pixels.</summary>
    public const long MostPixels = 1 << 26;

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
}
