namespace VisionBanana.Edge.Calibration;

/// <summary>
/// Brown–Conrady as OpenCV has it: radial polynomial or fraction of polynomials, decentring, thin prism, and a tilted sensor
/// (k1, k2, p1, p2, k3, k4, k5, k6, s1, s2, s3, s4, τx, τy; what is left out is zero).
/// </summary>
internal sealed partial class BrownLens : Lens
{
    private const int ScanSteps = 2000;

    private readonly double _k1, _k2, _k3, _k4, _k5, _k6, _p1, _p2, _s1, _s2, _s3, _s4;
    private readonly SensorTilt? _tilt;
    private readonly bool _straight, _decentred;

    // The slope up to which the radial part grows, and where it lands.
    private readonly double _limit, _imageLimit;

    public BrownLens(ReadOnlySpan<double> k)
    {
        Span<double> all = stackalloc double[14];
        all.Clear();
        k.CopyTo(all);
        (_k1, _k2, _p1, _p2, _k3, _k4, _k5, _k6) = (all[0], all[1], all[2], all[3], all[4], all[5], all[6], all[7]);
        (_s1, _s2, _s3, _s4) = (all[8], all[9], all[10], all[11]);
        _tilt = all[12] != 0 || all[13] != 0 ? new SensorTilt(all[12], all[13]) : null;
        _straight = !all.ContainsAnyExcept(0.0);
        _decentred = _p1 != 0 || _p2 != 0 || _s1 != 0 || _s2 != 0 || _s3 != 0 || _s4 != 0;
        if (!_straight)
        {
            _limit = FindLimit();
            _imageLimit = Radial(_limit);
        }
    }

    public override bool IsStraight => _straight;

    public override double FoldRadius => _straight || _limit > Math.Tan(LargestSlopeAngle) * 0.999 ? double.PositiveInfinity : _imageLimit;

    public override (double X, double Y) Distort(double x, double y, double z) => z > 0 ? Bend(x / z, y / z) : Nowhere;

    public override (double X, double Y, double Z) Undistort(double x, double y)
    {
        (x, y) = Straighten(x, y);
        return (x, y, 1);
    }

    /// <summary>Where straight slopes land.</summary>
    public (double X, double Y) Bend(double x, double y)
    {
        if (_straight)
        {
            return (x, y);
        }

        double r = Math.Sqrt((x * x) + (y * y));
        if (!(r <= _limit) || (_decentred && !(Jacobian(x, y).Determinant > 0)))
        {
            return Nowhere;
        }

        (double bentX, double bentY) = Polynomial(x, y);
        return _tilt is { } tilt ? tilt.Apply(bentX, bentY) : (bentX, bentY);
    }

    /// <summary>The straight slopes of a point of the image plane.</summary>
    public (double X, double Y) Straighten(double x, double y)
    {
        if (_straight)
        {
            return (x, y);
        }

        if (_tilt is { } tilt)
        {
            (x, y) = tilt.Undo(x, y);
        }

        double distorted = Math.Sqrt((x * x) + (y * y));
        return distorted < 1e-15 && !_decentred ? (0, 0) : Newton(x, y, distorted);
    }

    /// <summary>Starts from the solution without tangential terms, which leaves Newton only a small correction.</summary>
    private (double X, double Y) Newton(double targetX, double targetY, double distorted)
    {
        double start = InvertRadial(Math.Min(distorted, _imageLimit * 0.999)) / Math.Max(distorted, 1e-300);
        double x = targetX * start, y = targetY * start, error = double.PositiveInfinity;
        for (int i = 0; i < 40; i++)
        {
            (double bentX, double bentY) = Polynomial(x, y);
            double ex = bentX - targetX, ey = bentY - targetY;
            error = Math.Abs(ex) + Math.Abs(ey);
            if (!(error > 1e-15 * (1 + distorted)))
            {
                break;
            }

            Matrix2 j = Jacobian(x, y);
            double determinant = j.Determinant;
            if (!(determinant > 0))
            {
                break;
            }

            double stepX = ((j.Yy * ex) - (j.Xy * ey)) / determinant, stepY = ((j.Xx * ey) - (j.Yx * ex)) / determinant, part = 1;
            while (part > 1e-6 && Square(x - (part * stepX)) + Square(y - (part * stepY)) > _limit * _limit)
            {
                part /= 2;
            }

            x -= part * stepX;
            y -= part * stepY;
        }

        return error < 1e-11 * (1 + distorted) && Jacobian(x, y).Determinant > 0 ? (x, y) : Nowhere;
    }

    private (double X, double Y) Polynomial(double x, double y)
    {
        double r2 = (x * x) + (y * y), g = Numerator(r2) / Denominator(r2);
        return (
            (x * g) + (2 * _p1 * x * y) + (_p2 * (r2 + (2 * x * x))) + (r2 * (_s1 + (_s2 * r2))),
            (y * g) + (_p1 * (r2 + (2 * y * y))) + (2 * _p2 * x * y) + (r2 * (_s3 + (_s4 * r2))));
    }

    private Matrix2 Jacobian(double x, double y)
    {
        double r2 = (x * x) + (y * y), n = Numerator(r2), d = Denominator(r2), g = n / d;
        double slope = ((NumeratorSlope(r2) * d) - (n * DenominatorSlope(r2))) / (d * d);
        double prismX = 2 * (_s1 + (2 * _s2 * r2)), prismY = 2 * (_s3 + (2 * _s4 * r2));
        double mixed = (2 * x * y * slope) + (2 * _p1 * x) + (2 * _p2 * y);
        return new Matrix2(
            g + (2 * x * x * slope) + (2 * _p1 * y) + (6 * _p2 * x) + (prismX * x),
            mixed + (prismX * y),
            mixed + (prismY * x),
            g + (2 * y * y * slope) + (6 * _p1 * y) + (2 * _p2 * x) + (prismY * y));
    }

    /// <summary>Inverts the radial part, which grows over [0, limit], as closely as a start needs.</summary>
    private double InvertRadial(double image)
    {
        double low = 0, high = _limit, value = Math.Min(image, 0.5 * _limit);
        for (int i = 0; i < 100 && high - low > 1e-9 * high; i++)
        {
            double error = Radial(value) - image;
            (low, high) = error > 0 ? (low, value) : (value, high);
            double next = value - (error / RadialSlope(value));
            next = next > low && next < high ? next : (low + high) / 2;
            if (Math.Abs(next - value) < 1e-9 * next)
            {
                return next;
            }

            value = next;
        }

        return value;
    }

    private double FindLimit()
    {
        double previous = 0;
        for (int i = 1; i <= ScanSteps; i++)
        {
            double value = Math.Tan(LargestSlopeAngle * i / ScanSteps);
            if (!Grows(value))
            {
                double good = previous, bad = value;
                for (int j = 0; j < 60; j++)
                {
                    double middle = (good + bad) / 2;
                    (good, bad) = Grows(middle) ? (middle, bad) : (good, middle);
                }

                return good;
            }

            previous = value;
        }

        return previous;
    }

    private bool Grows(double value) => Denominator(value * value) > 0 && Numerator(value * value) > 0 && RadialSlope(value) > 0;

    private double Radial(double value) => value * Numerator(value * value) / Denominator(value * value);

    private double RadialSlope(double value)
    {
        double v2 = value * value, n = Numerator(v2), d = Denominator(v2);
        return ((n * d) + (2 * v2 * ((NumeratorSlope(v2) * d) - (n * DenominatorSlope(v2))))) / (d * d);
    }

    private double Numerator(double r2) => 1 + (r2 * (_k1 + (r2 * (_k2 + (r2 * _k3)))));

    private double NumeratorSlope(double r2) => _k1 + (r2 * ((2 * _k2) + (r2 * 3 * _k3)));

    private double Denominator(double r2) => 1 + (r2 * (_k4 + (r2 * (_k5 + (r2 * _k6)))));

    private double DenominatorSlope(double r2) => _k4 + (r2 * ((2 * _k5) + (r2 * 3 * _k6)));

    private static double Square(double value) => value * value;

    /// <summary>Xy is how the bent x changes with y.</summary>
    private readonly record struct Matrix2(double Xx, double Xy, double Yx, double Yy)
    {
        public double Determinant => (Xx * Yy) - (Xy * Yx);
    }
}
