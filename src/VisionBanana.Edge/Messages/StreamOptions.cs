namespace VisionBanana.Edge.Messages;

/// <summary>What is published of each picture. A stream that is null or false is off; one whose percept the picture lacks is left out of that picture.</summary>
public sealed record StreamOptions
{
    /// <summary>The rectified picture as JPEG, or null.</summary>
    public ColorStreamOptions? Color { get; init; } = new();

    /// <summary>Metric depth, or null.</summary>
    public DepthStreamOptions? Depth { get; init; } = new();

    /// <summary>The organised cloud, or null.</summary>
    public CloudStreamOptions? Cloud { get; init; } = new();

    /// <summary>The depth painting as PNG, lossless.</summary>
    public bool Painting { get; init; } = true;

    /// <summary>Class ids.</summary>
    public bool Labels { get; init; } = true;

    /// <summary>Surface normals.</summary>
    public bool Normals { get; init; } = true;

    /// <summary>Instance ids.</summary>
    public bool Instances { get; init; } = true;

    /// <summary>The pixels a phrase refers to.</summary>
    public bool Mask { get; init; } = true;

    /// <summary>The most encoded pictures that may be on their way to sinks at once; beyond it pictures are dropped, memory does not grow.</summary>
    public int PoolCapacity { get; init; } = 8;
}
