using System.Numerics;

namespace VisionBanana.Edge.Calibration;

/// <summary>Kannala–Brandt with four coefficients: r = θ (1 + k1 θ² + k2 θ⁴ + k3 θ⁶ + k4 θ⁸).</summary>
internal sealed class EquidistantLens : RadialLens
{
    private const int Steps = 6;

    private readonly double _k1, _k2, _k3, _k4;

    public EquidistantLens(ReadOnlySpan<double> k)
    {
        if (k.Length == 4)
        {
            (_k1, _k2, _k3, _k4) = (k[0], k[1], k[2], k[3]);
        }
    }

    protected override double Bend(double angle)
    {
        double v2 = angle * angle;
        return angle * (1 + (v2 * (_k1 + (v2 * (_k2 + (v2 * (_k3 + (v2 * _k4))))))));
    }

    protected override double BendSlope(double angle)
    {
        double v2 = angle * angle;
        return 1 + (v2 * ((3 * _k1) + (v2 * ((5 * _k2) + (v2 * ((7 * _k3) + (v2 * 9 * _k4)))))));
    }

    /// <summary>Newton's steps in vectors; what they do not settle is solved one by one.</summary>
    public override void Undistort(ReadOnlySpan<double> x, double y, RayRow rays)
    {
        int i = 0;
        for (; i <= x.Length - Vector<double>.Count; i += Vector<double>.Count)
        {
            Vector<double> across = new(x[i..]), image = Vector.SquareRoot((across * across) + new Vector<double>(y * y)), angle = image;
            Vector<double> error = Vector<double>.Zero, slope = Vector<double>.One;
            for (int step = 0; step <= Steps; step++)
            {
                angle -= error / slope;
                Vector<double> v2 = angle * angle;
                error = (angle * (Vector<double>.One + (v2 * (new Vector<double>(_k1) + (v2 * (new Vector<double>(_k2) + (v2 * (new Vector<double>(_k3)
                    + (v2 * _k4))))))))) - image;
                slope = Vector<double>.One + (v2 * (new Vector<double>(3 * _k1) + (v2 * (new Vector<double>(5 * _k2) + (v2 * (new Vector<double>(7 * _k3)
                    + (v2 * (9 * _k4))))))));
            }

            (Vector<double> sine, Vector<double> cosine) = Vector.SinCos(angle);
            Vector<long> isSettled = Vector.LessThan(Vector.Abs(error), new Vector<double>(1e-14)) & Vector.GreaterThan(image, new Vector<double>(1e-9))
                & Vector.GreaterThan(angle, Vector<double>.Zero) & Vector.LessThanOrEqual(angle, new Vector<double>(Limit));
            Vector<double> scale = sine / image;
            (across * scale).CopyTo(rays.X, i);
            (scale * y).CopyTo(rays.Y, i);
            cosine.CopyTo(rays.Z, i);
            for (int lane = 0; lane < Vector<double>.Count; lane++)
            {
                if (isSettled[lane] == 0)
                {
                    (rays.X[i + lane], rays.Y[i + lane], rays.Z[i + lane]) = Undistort(x[i + lane], y);
                }
            }
        }

        for (; i < x.Length; i++)
        {
            (rays.X[i], rays.Y[i], rays.Z[i]) = Undistort(x[i], y);
        }
    }
}
