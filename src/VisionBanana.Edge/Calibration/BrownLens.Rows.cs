using System.Numerics;

namespace VisionBanana.Edge.Calibration;

/// <content>Rows of pixels at once: Newton's steps in vectors from a guess; what they do not settle is solved one by one.</content>
internal sealed partial class BrownLens
{
    private const int Steps = 3;
    private const double Settled = 1e-13;

    public override void Undistort(ReadOnlySpan<double> x, double y, RayRow rays)
    {
        rays.Z.AsSpan(0, x.Length).Fill(1);
        int lanes = Vector<double>.Count, i = 0;
        Span<double> targetX = stackalloc double[lanes], targetY = stackalloc double[lanes];
        for (; !_straight && i <= x.Length - lanes; i += lanes)
        {
            for (int lane = 0; lane < lanes; lane++)
            {
                (targetX[lane], targetY[lane]) = _tilt is { } tilt ? tilt.Undo(x[i + lane], y) : (x[i + lane], y);
            }

            Vector<double> guessX = new(rays.X, i), guessY = new(rays.Y, i);
            Vector<long> isSettled = Newton(new(targetX), new(targetY), ref guessX, ref guessY);
            guessX.CopyTo(rays.X, i);
            guessY.CopyTo(rays.Y, i);
            for (int lane = 0; lane < lanes; lane++)
            {
                if (isSettled[lane] == 0)
                {
                    (rays.X[i + lane], rays.Y[i + lane]) = Straighten(x[i + lane], y);
                }
            }
        }

        for (; i < x.Length; i++)
        {
            (rays.X[i], rays.Y[i]) = Straighten(x[i], y);
        }
    }

    private Vector<long> Newton(Vector<double> targetX, Vector<double> targetY, ref Vector<double> x, ref Vector<double> y)
    {
        for (int step = 0; ; step++)
        {
            Vector<double> r2 = (x * x) + (y * y);
            Vector<double> n = Vector<double>.One + (r2 * (new Vector<double>(_k1) + (r2 * (new Vector<double>(_k2) + (r2 * _k3)))));
            Vector<double> d = Vector<double>.One + (r2 * (new Vector<double>(_k4) + (r2 * (new Vector<double>(_k5) + (r2 * _k6)))));
            Vector<double> ns = new Vector<double>(_k1) + (r2 * (new Vector<double>(2 * _k2) + (r2 * (3 * _k3))));
            Vector<double> ds = new Vector<double>(_k4) + (r2 * (new Vector<double>(2 * _k5) + (r2 * (3 * _k6))));
            Vector<double> g = n / d, slope = ((ns * d) - (n * ds)) / (d * d);
            Vector<double> xy = x * y, prismX = new Vector<double>(_s1) + (r2 * _s2), prismY = new Vector<double>(_s3) + (r2 * _s4);
            Vector<double> ex = (x * g) + (xy * (2 * _p1)) + ((r2 + (x * x * 2)) * _p2) + (r2 * prismX) - targetX;
            Vector<double> ey = (y * g) + ((r2 + (y * y * 2)) * _p1) + (xy * (2 * _p2)) + (r2 * prismY) - targetY;
            Vector<double> changeX = (prismX + (r2 * _s2)) * 2, changeY = (prismY + (r2 * _s4)) * 2;
            Vector<double> mixed = (xy * slope * 2) + (x * (2 * _p1)) + (y * (2 * _p2));
            Vector<double> xx = g + (x * x * slope * 2) + (y * (2 * _p1)) + (x * (6 * _p2)) + (changeX * x), byY = mixed + (changeX * y);
            Vector<double> yy = g + (y * y * slope * 2) + (y * (6 * _p1)) + (x * (2 * _p2)) + (changeY * y), byX = mixed + (changeY * x);
            Vector<double> determinant = (xx * yy) - (byY * byX);
            if (step == Steps)
            {
                return Vector.LessThan(Vector.Abs(ex) + Vector.Abs(ey), new Vector<double>(Settled))
                    & Vector.GreaterThan(determinant, Vector<double>.Zero) & Vector.LessThanOrEqual(r2, new Vector<double>(_limit * _limit));
            }

            x -= ((yy * ex) - (byY * ey)) / determinant;
            y -= ((xx * ey) - (byX * ex)) / determinant;
        }
    }
}
