using System.Numerics;

namespace VisionBanana.Edge.Geometry;

/// <summary>
/// Finds a plane among points of which many lie elsewhere: the best of many planes through three points, then least squares over its points.
/// The tolerance grows with the distance of a point, as the error of measured depth does. The same points give the same plane; nothing is allocated.
/// </summary>
internal sealed record PlaneFit
{
    private const int MinPoints = 8;
    private const int Refinements = 4;

    /// <summary>How far a point may be from the plane at the origin, in metres.</summary>
    public float ToleranceM { get; init; } = 0.01f;

    /// <summary>How much more per metre of the point's distance from the origin.</summary>
    public float RelativeTolerance { get; init; } = 0.01f;

    /// <summary>How many planes are tried.</summary>
    public int Trials { get; init; } = 96;

    /// <summary>The least share of points that a plane must hold, 0–1.</summary>
    public float MinShare { get; init; } = 0.2f;

    /// <summary>
    /// Points behind the plane, seen along the direction, speak against it: under a floor there is nothing, under a table there is. Each counts as much
    /// as two points on it.
    /// </summary>
    public bool NothingBehind { get; init; } = true;

    /// <summary>Finds the plane that holds most points and whose normal is near a direction.</summary>
    /// <param name="points">Finite points; what is unknown is left out by the caller.</param>
    /// <param name="direction">Where the normal should point, of any length but 0.</param>
    /// <param name="maxAngleDegrees">How far from it at most; 180 = anywhere.</param>
    /// <returns>The plane, or null when none holds enough points.</returns>
    public FittedPlane? Find(ReadOnlySpan<Vector3> points, Vector3 direction, float maxAngleDegrees)
    {
        if (points.Length < MinPoints)
        {
            return null;
        }

        direction = Vector3.Normalize(direction);
        float minCosine = MathF.Cos(float.DegreesToRadians(Math.Clamp(maxAngleDegrees, 0, 180)));
        uint random = 0x9E3779B9;
        float best = float.NegativeInfinity;
        Vector3 normal = default;
        float offset = 0;
        for (int i = 0; i < Trials; i++)
        {
            Vector3 a = points[Next(ref random, points.Length)], b = points[Next(ref random, points.Length)], c = points[Next(ref random, points.Length)];
            var n = Vector3.Cross(b - a, c - a);
            float length = n.Length();
            if (!(length > 1e-9f))
            {
                continue;
            }

            n /= Vector3.Dot(n, direction) < 0 ? -length : length;
            float d = -Vector3.Dot(n, a);
            if (Vector3.Dot(n, direction) >= minCosine && Score(points, n, d) is var score && score > best)
            {
                (best, normal, offset) = (score, n, d);
            }
        }

        return float.IsNegativeInfinity(best) ? null : Refine(points, normal, offset, direction, minCosine);
    }

    private static int Next(ref uint state, int below)
    {
        state = (state * 1664525) + 1013904223;
        return (int)((ulong)state * (uint)below >> 32);
    }

    private float ToleranceAt(Vector3 point) => ToleranceM + (RelativeTolerance * point.Length());

    private float Score(ReadOnlySpan<Vector3> points, Vector3 normal, float offset)
    {
        float score = 0;
        foreach (Vector3 point in points)
        {
            float distance = (Vector3.Dot(normal, point) + offset) / ToleranceAt(point);
            score += Math.Abs(distance) <= 1 ? 1 - (0.5f * distance * distance) : NothingBehind && distance < -2 ? -2 : 0;
        }

        return score;
    }

    private FittedPlane? Refine(ReadOnlySpan<Vector3> points, Vector3 normal, float offset, Vector3 direction, float minCosine)
    {
        int count = 0;
        double residual = 0;
        for (int round = 0; round <= Refinements; round++)
        {
            var sums = new PlaneSums();
            (count, residual) = (0, 0);
            foreach (Vector3 point in points)
            {
                float tolerance = ToleranceAt(point), distance = (Vector3.Dot(normal, point) + offset) / tolerance;
                if (Math.Abs(distance) <= 1)
                {
                    sums.Add(point, 1 / (tolerance * tolerance));
                    residual += distance * distance;
                    count++;
                }
            }

            if (count < Math.Max(MinPoints, MinShare * points.Length))
            {
                return null;
            }

            if (round < Refinements)
            {
                (normal, offset) = sums.Solve(direction);
            }
        }

        return Vector3.Dot(normal, direction) >= minCosine
            ? new FittedPlane(normal, offset, (float)count / points.Length, (float)Math.Sqrt(residual / count))
            : null;
    }
}
