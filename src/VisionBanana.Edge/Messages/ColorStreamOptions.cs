namespace VisionBanana.Edge.Messages;

/// <summary>How the picture is published.</summary>
public sealed record ColorStreamOptions
{
    /// <summary>JPEG quality, 1 to 100.</summary>
    public int JpegQuality { get; init; } = 85;

    /// <summary>The most pictures per second by capture time, or null for all.</summary>
    public double? RateHz { get; init; }
}
