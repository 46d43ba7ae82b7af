namespace VisionBanana.Edge.Messages;

/// <summary>How objects are published.</summary>
public sealed record DetectionStreamOptions : IPictureStreamOptions
{
    /// <summary>The most messages per second by capture time, or null for all.</summary>
    public double? RateHz { get; init; }
}
