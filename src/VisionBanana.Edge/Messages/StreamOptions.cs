using VisionBanana.Edge.Calibration;

namespace VisionBanana.Edge.Messages;

/// <summary>What is published of each picture. A stream that is null is off; one whose percept the picture lacks is left out of that picture.</summary>
public sealed record StreamOptions
{
    /// <summary>The rectified picture as JPEG, or null.</summary>
    public ColorStreamOptions? Color { get; init; } = new();

    /// <summary>Metric depth, or null.</summary>
    public DepthStreamOptions? Depth { get; init; } = new();

    /// <summary>The organised cloud, or null.</summary>
    public CloudStreamOptions? Cloud { get; init; } = new();

    /// <summary>The depth painting as PNG, lossless, or null.</summary>
    public PlaneStreamOptions? Painting { get; init; } = new();

    /// <summary>Class ids, or null.</summary>
    public PlaneStreamOptions? Labels { get; init; } = new();

    /// <summary>Surface normals, or null.</summary>
    public PlaneStreamOptions? Normals { get; init; } = new();

    /// <summary>Instance ids, or null.</summary>
    public PlaneStreamOptions? Instances { get; init; } = new();

    /// <summary>The pixels a phrase refers to, or null.</summary>
    public PlaneStreamOptions? Mask { get; init; } = new();

    /// <summary>Where the camera sits on its robot, published as <c>tf_static</c>, or null when nobody said.</summary>
    public CameraMount? Mount { get; init; }

    /// <summary>The most encoded pictures that may be on their way to sinks at once; beyond it pictures are dropped, memory does not grow.</summary>
    public int PoolCapacity { get; init; } = 8;
}
