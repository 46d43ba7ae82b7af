namespace VisionBanana.Edge.Messages;

/// <summary>How the cloud is published.</summary>
public sealed record CloudStreamOptions
{
    /// <summary>Every how many rows and columns a point is published; 2 = a quarter of the points. The cloud stays organised.</summary>
    public int Stride { get; init; } = 1;
}
