using System.Collections.Immutable;

namespace VisionBanana.Edge.Calibration;

/// <summary>
/// How a lens bends rays, in slopes (x/z, y/z) on both sides: those of the ray in front of the camera, and those of the image plane at
/// unit focal length. A model describes a lens only up to the angle at which its image radius stops growing; past it the model folds
/// back and would paint ghosts, so both directions answer NaN there, and beyond 89.5° from the axis.
/// </summary>
internal abstract class Lens
{
    /// <summary>The largest angle from the axis that slopes can stand for, in radians.</summary>
    protected const double LargestAngle = 89.5 * Math.PI / 180;

    /// <summary>What both directions answer where the model has no ray.</summary>
    protected static readonly (double X, double Y) Nowhere = (double.NaN, double.NaN);

    /// <summary>Which model this is.</summary>
    public required DistortionModel Model { get; init; }

    /// <summary>The coefficients it was made from.</summary>
    public required ImmutableArray<double> Coefficients { get; init; }

    /// <summary>Length on the image plane per slope at the axis: 1 unless the model scales its focal length (ξ, ω).</summary>
    public virtual double CentralScale => 1;

    /// <summary>True when no ray is bent.</summary>
    public virtual bool IsStraight => false;

    /// <summary>The radius on the image plane at which the model folds back; +∞ when it does not within 89.5°.</summary>
    public virtual double FoldRadius => double.PositiveInfinity;

    /// <summary>Where the straight slopes land on the image plane at unit focal length.</summary>
    public abstract (double X, double Y) Distort(double x, double y);

    /// <summary>The straight slopes of a point of the image plane at unit focal length.</summary>
    public abstract (double X, double Y) Undistort(double x, double y);
}
