using VisionBanana.Edge.Geometry;

namespace VisionBanana.Edge.Pipeline;

/// <summary>How pictures become percepts.</summary>
public sealed record PerceiveOptions
{
    /// <summary>In which picture percepts are given.</summary>
    public OutputSize Size { get; init; } = OutputSize.Painter;

    /// <summary>Makes a cloud of every picture with depth; null = none.</summary>
    public CloudOptions? Cloud { get; init; }

    /// <summary>The most results that may be held at once; beyond it pictures are dropped, not memory taken.</summary>
    public int PoolCapacity { get; init; } = 8;

    /// <summary>So many failures of the engine in a row mean that the model is gone for good.</summary>
    public int MaxFailuresInARow { get; init; } = 30;
}
