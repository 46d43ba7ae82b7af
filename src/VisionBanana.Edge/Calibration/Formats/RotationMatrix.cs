using System.Collections.Immutable;

namespace VisionBanana.Edge.Calibration.Formats;

/// <summary>Turns unit quaternions x, y, z, w into 4 × 4 transforms, row by row, and back.</summary>
internal static class RotationMatrix
{
    public static ImmutableArray<double> Transform(double qx, double qy, double qz, double qw, double x, double y, double z)
    {
        double n = Math.Sqrt((qx * qx) + (qy * qy) + (qz * qz) + (qw * qw));
        (qx, qy, qz, qw) = (qx / n, qy / n, qz / n, qw / n);
        return
        [
            1 - (2 * ((qy * qy) + (qz * qz))), 2 * ((qx * qy) - (qz * qw)), 2 * ((qx * qz) + (qy * qw)), x,
            2 * ((qx * qy) + (qz * qw)), 1 - (2 * ((qx * qx) + (qz * qz))), 2 * ((qy * qz) - (qx * qw)), y,
            2 * ((qx * qz) - (qy * qw)), 2 * ((qy * qz) + (qx * qw)), 1 - (2 * ((qx * qx) + (qy * qy))), z,
            0, 0, 0, 1,
        ];
    }

    /// <param name="m">4 × 4, row by row, with a proper rotation.</param>
    public static (double X, double Y, double Z, double W) Quaternion(ReadOnlySpan<double> m)
    {
        // The largest of the four is taken first: dividing by it loses nothing.
        double w = 1 + m[0] + m[5] + m[10], x = 1 + m[0] - m[5] - m[10], y = 1 - m[0] + m[5] - m[10], z = 1 - m[0] - m[5] + m[10];
        (double X, double Y, double Z, double W) q = w >= x && w >= y && w >= z ? (m[9] - m[6], m[2] - m[8], m[4] - m[1], w)
            : x >= y && x >= z ? (x, m[1] + m[4], m[2] + m[8], m[9] - m[6])
            : y >= z ? (m[1] + m[4], y, m[6] + m[9], m[2] - m[8])
            : (m[2] + m[8], m[6] + m[9], z, m[4] - m[1]);
        double norm = Math.Sqrt((q.X * q.X) + (q.Y * q.Y) + (q.Z * q.Z) + (q.W * q.W));
        return (q.X / norm, q.Y / norm, q.Z / norm, q.W / norm);
    }
}
