namespace VisionBanana.Edge.Messages;

/// <summary>How depth is published.</summary>
public sealed record DepthStreamOptions
{
    /// <summary>Millimetres in 16 bits, plain or compressed, or metres in 32.</summary>
    public DepthEncoding Encoding { get; init; } = DepthEncoding.Millimetres;

    /// <summary>The most pictures per second by capture time, or null for all.</summary>
    public double? RateHz { get; init; }
}
