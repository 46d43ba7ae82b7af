using System.Collections.Immutable;

namespace VisionBanana.Edge.Calibration;

/// <summary>
/// How a lens bends rays: from a direction in the optical frame (x right, y down, z forward) to the image plane at unit focal length and
/// back. A model describes a lens only up to the angle at which its image radius stops growing; past it the model folds back and would
/// paint ghosts, so both directions answer NaN there. Models of wide lenses see past 90°; polynomials on slopes end before.
/// </summary>
internal abstract class Lens
{
    /// <summary>The largest angle from the axis that slopes can stand for, in radians.</summary>
    public const double LargestSlopeAngle = 89.5 * Math.PI / 180;

    /// <summary>The image plane where the model has no ray.</summary>
    protected static readonly (double X, double Y) Nowhere = (double.NaN, double.NaN);

    /// <summary>The direction where the model has no ray.</summary>
    protected static readonly (double X, double Y, double Z) NoRay = (double.NaN, double.NaN, double.NaN);

    /// <summary>Which model this is.</summary>
    public required DistortionModel Model { get; init; }

    /// <summary>The coefficients it was made from.</summary>
    public required ImmutableArray<double> Coefficients { get; init; }

    /// <summary>Length on the image plane per slope at the axis: 1 unless the model scales its focal length (ξ, ω).</summary>
    public virtual double CentralScale => 1;

    /// <summary>True when no ray is bent.</summary>
    public virtual bool IsStraight => false;

    /// <summary>The radius on the image plane at which the model ends; +∞ when it does not.</summary>
    public virtual double FoldRadius => double.PositiveInfinity;

    /// <summary>Where a direction of any length lands on the image plane.</summary>
    public abstract (double X, double Y) Distort(double x, double y, double z);

    /// <summary>The direction that a point of the image plane sees; of any length above 0.</summary>
    public abstract (double X, double Y, double Z) Undistort(double x, double y);

    /// <summary>The directions of a row of the image plane.</summary>
    /// <param name="x">The places along the row.</param>
    /// <param name="y">The row's place.</param>
    /// <param name="rays">Receives the directions; holds a guess before, such as one from the rows above, or NaN.</param>
    public virtual void Undistort(ReadOnlySpan<double> x, double y, RayRow rays)
    {
        for (int i = 0; i < x.Length; i++)
        {
            (rays.X[i], rays.Y[i], rays.Z[i]) = Undistort(x[i], y);
        }
    }
}
