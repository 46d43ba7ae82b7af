using System.Numerics;

namespace VisionBanana.Edge.Geometry;

/// <summary>A plane that was found among points: every point p of it has Normal · p + Offset = 0, in the frame and unit of the points.</summary>
/// <param name="Normal">A unit vector; it points along the direction that was asked for.</param>
/// <param name="Offset">The signed distance of the origin from the plane along the normal: above 0 when the normal points to the origin's side.</param>
/// <param name="Share">The part of the points that lie on the plane, 0–1.</param>
/// <param name="Residual">Root mean square of the distances of those points, divided by their tolerances: well below 1 for a good plane.</param>
internal readonly record struct FittedPlane(Vector3 Normal, float Offset, float Share, float Residual)
{
    /// <summary>The signed distance of a point from the plane, positive on the side to which the normal points.</summary>
    public float HeightOf(Vector3 point) => Vector3.Dot(Normal, point) + Offset;
}
