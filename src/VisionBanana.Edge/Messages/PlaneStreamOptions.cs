namespace VisionBanana.Edge.Messages;

/// <summary>How a stream without choices of its own is published.</summary>
public sealed record PlaneStreamOptions : IPictureStreamOptions
{
    /// <summary>The most pictures per second by capture time, or null for all.</summary>
    public double? RateHz { get; init; }
}
