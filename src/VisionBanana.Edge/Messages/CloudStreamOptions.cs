namespace VisionBanana.Edge.Messages;

/// <summary>How the cloud is published.</summary>
public sealed record CloudStreamOptions
{
    /// <summary>Every how many rows and columns a point is published; 2 = a quarter of the points. The cloud stays organised.</summary>
    public int Stride { get; init; } = 1;

    /// <summary>Edge of the cubes of space of which each gives one point (<see cref="Geometry.VoxelGrid"/>), metres: the cloud is then a list (height 1) without invalid points. Null = off.</summary>
    public double? VoxelM { get; init; }

    /// <summary>
    /// Coordinates are rounded to the largest power of two of a metre that is not larger, and confidence to 1/256, so that they compress:
    /// 0.001 = multiples of 1/1024 m, an error of 0.5 mm at most. Still float32. Null = exact. With <see cref="CloudFormat.Cloudini"/> it is the step itself; null = 0.001.
    /// </summary>
    public double? PrecisionM { get; init; }

    /// <summary>Plain or compressed.</summary>
    public CloudFormat Format { get; init; }

    /// <summary>The most clouds per second by capture time, or null for all.</summary>
    public double? RateHz { get; init; }
}
