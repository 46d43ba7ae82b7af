using System.Numerics;

namespace VisionBanana.Edge.Geometry;

/// <summary>Weighted sums of points, of which the plane of least squares follows: its normal is the direction in which they spread least.</summary>
internal struct PlaneSums
{
    private double _weight, _x, _y, _z, _xx, _xy, _xz, _yy, _yz, _zz;

    public void Add(Vector3 point, double weight)
    {
        double x = point.X, y = point.Y, z = point.Z;
        _weight += weight;
        (_x, _y, _z) = (_x + (weight * x), _y + (weight * y), _z + (weight * z));
        (_xx, _xy, _xz) = (_xx + (weight * x * x), _xy + (weight * x * y), _xz + (weight * x * z));
        (_yy, _yz, _zz) = (_yy + (weight * y * y), _yz + (weight * y * z), _zz + (weight * z * z));
    }

    /// <summary>The normal, on the side of a direction, and the offset.</summary>
    public readonly (Vector3 Normal, float Offset) Solve(Vector3 side)
    {
        double cx = _x / _weight, cy = _y / _weight, cz = _z / _weight;
        double a = (_xx / _weight) - (cx * cx), b = (_xy / _weight) - (cx * cy), c = (_xz / _weight) - (cx * cz);
        double d = (_yy / _weight) - (cy * cy), e = (_yz / _weight) - (cy * cz), f = (_zz / _weight) - (cz * cz);
        (double x, double y, double z) = LeastSpread(a, b, c, d, e, f);
        if ((x * side.X) + (y * side.Y) + (z * side.Z) < 0)
        {
            (x, y, z) = (-x, -y, -z);
        }

        return (new Vector3((float)x, (float)y, (float)z), (float)-((x * cx) + (y * cy) + (z * cz)));
    }

    /// <summary>The eigenvector of the smallest eigenvalue of the symmetric matrix (a b c; b d e; c e f).</summary>
    private static (double X, double Y, double Z) LeastSpread(double a, double b, double c, double d, double e, double f)
    {
        double mean = (a + d + f) / 3;
        double p = Math.Sqrt((((a - mean) * (a - mean)) + ((d - mean) * (d - mean)) + ((f - mean) * (f - mean)) + (2 * ((b * b) + (c * c) + (e * e)))) / 6);
        if (!(p > 0))
        {
            return (0, 0, 1);
        }

        double ka = (a - mean) / p, kd = (d - mean) / p, kf = (f - mean) / p, kb = b / p, kc = c / p, ke = e / p;
        double half = ((ka * ((kd * kf) - (ke * ke))) - (kb * ((kb * kf) - (ke * kc))) + (kc * ((kb * ke) - (kd * kc)))) / 2;
        double least = mean + (2 * p * Math.Cos((Math.Acos(Math.Clamp(half, -1, 1)) + (2 * Math.PI)) / 3));

        // The rows of (A − λ) span a plane; the largest cross product of two of them is its normal.
        (double X, double Y, double Z) r0 = (a - least, b, c), r1 = (b, d - least, e), r2 = (c, e, f - least);
        (double X, double Y, double Z) best = (0, 0, 1);
        double length = 0;
        ReadOnlySpan<((double X, double Y, double Z) U, (double X, double Y, double Z) V)> pairs = [(r0, r1), (r0, r2), (r1, r2)];
        foreach (((double X, double Y, double Z) u, (double X, double Y, double Z) v) in pairs)
        {
            (double X, double Y, double Z) n = ((u.Y * v.Z) - (u.Z * v.Y), (u.Z * v.X) - (u.X * v.Z), (u.X * v.Y) - (u.Y * v.X));
            double norm = Math.Sqrt((n.X * n.X) + (n.Y * n.Y) + (n.Z * n.Z));
            if (norm > length)
            {
                (best, length) = ((n.X / norm, n.Y / norm, n.Z / norm), norm);
            }
        }

        return best;
    }
}
