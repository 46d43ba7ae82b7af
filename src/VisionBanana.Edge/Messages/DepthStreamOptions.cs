namespace VisionBanana.Edge.Messages;

/// <summary>How depth is published.</summary>
public sealed record DepthStreamOptions
{
    /// <summary>Millimetres in 16 bits or metres in 32.</summary>
    public DepthEncoding Encoding { get; init; } = DepthEncoding.Millimetres;
}
