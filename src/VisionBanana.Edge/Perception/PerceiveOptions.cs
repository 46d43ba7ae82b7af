using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Geometry;
using VisionBanana.Edge.Navigation;
using VisionBanana.Edge.Scale;

namespace VisionBanana.Edge.Perception;

/// <summary>How pictures become percepts.</summary>
public sealed record PerceiveOptions
{
    /// <summary>In which picture percepts are given.</summary>
    public OutputSize Size { get; init; } = OutputSize.Painter;

    /// <summary>Makes a cloud of every picture with depth; null = none.</summary>
    public CloudOptions? Cloud { get; init; }

    /// <summary>Tells robots that move what is around them, from every picture with depth; null = not asked.</summary>
    public NavigationOptions? Navigation { get; init; }

    /// <summary>
    /// What is known of the camera's place, for painters that take it and pictures that do not bring their own (<see cref="CameraFrame.Support"/>); null =
    /// nothing.
    /// </summary>
    public SupportPlane? Support { get; init; }

    /// <summary>
    /// What of the source picture is painted; null = the view of the painter or of the source. One that looks elsewhere excludes
    /// <see cref="OutputSize.Source"/>.
    /// </summary>
    public CameraView? View { get; init; }

    /// <summary>
    /// Where the camera is while it moves on its robot or the robot tilts, instead of <see cref="Support"/>: where it knows nothing new, nothing is known.
    /// Null = nobody says.
    /// </summary>
    public MountFeed? Mount { get; init; }

    /// <summary>Estimates the scale of the painted depth; null = the painter's own scale is kept.</summary>
    public ScaleOptions? Scale { get; init; }

    /// <summary>
    /// The most results that may be held at once; beyond it pictures are dropped, not memory taken.
    /// <c>PerceiveOverlapped</c> needs <c>PerceiveOperator.PicturesInWork</c> of them.
    /// </summary>
    public int PoolCapacity { get; init; } = 8;

    /// <summary>So many failures of the engine in a row mean that the model is gone for good.</summary>
    public int MaxFailuresInARow { get; init; } = 30;
}
