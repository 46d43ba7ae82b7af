using System.Collections.Immutable;

namespace VisionBanana.Edge.Calibration;

/// <summary>
/// How a lens bends rays, in slopes (x/z, y/z) on both sides. The models are those of sensor_msgs/CameraInfo.
/// Their polynomials describe a lens only up to the angle at which the image radius stops growing; past it they fold back
/// and would paint ghosts, so both directions answer NaN there.
/// </summary>
internal sealed class Lens
{
    private const int ScanSteps = 2000;
    private const double LargestAngle = 89.5 * Math.PI / 180;

    private readonly double _k1, _k2, _k3, _k4, _k5, _k6, _p1, _p2;
    private readonly bool _straight, _equidistant;

    // Equidistant: largest angle in radians; otherwise: largest slope.
    private readonly double _limit;
    private readonly double _imageLimit;

    public Lens(DistortionModel model, ImmutableArray<double> coefficients)
    {
        Model = model;
        Coefficients = coefficients;
        ReadOnlySpan<double> k = coefficients.IsDefault ? [] : coefficients.AsSpan();
        string? expected = LensCoefficients.WhyNot(model, k.Length);
        if (expected is not null && k.Length > 0)
        {
            throw new ArgumentException(expected, nameof(coefficients));
        }

        _equidistant = model == DistortionModel.Equidistant;
        _straight = !_equidistant && k.TrimEnd(0.0).Length == 0;
        if (k.Length >= 4)
        {
            (_k1, _k2) = (k[0], k[1]);
            (_p1, _p2, _k3, _k4) = _equidistant ? (0, 0, k[2], k[3]) : (k[2], k[3], At(k, 4), At(k, 5));
            (_k5, _k6) = (At(k, 6), At(k, 7));
        }

        if (!_straight)
        {
            _limit = FindLimit();
            _imageLimit = Radial(_limit);
        }
    }

    public DistortionModel Model { get; }

    public ImmutableArray<double> Coefficients { get; }

    /// <summary>Where the undistorted slopes land on the image plane at unit focal length.</summary>
    public (double X, double Y) Distort(double x, double y)
    {
        if (_straight)
        {
            return (x, y);
        }

        double r = Math.Sqrt((x * x) + (y * y));
        if (_equidistant)
        {
            double angle = Math.Atan(r);
            double scale = r < 1e-12 ? 1 : Radial(angle) / r;
            return angle <= _limit ? (x * scale, y * scale) : (double.NaN, double.NaN);
        }

        if (!(r <= _limit))
        {
            return (double.NaN, double.NaN);
        }

        double r2 = r * r, g = Numerator(r2) / Denominator(r2);
        return ((x * g) + (2 * _p1 * x * y) + (_p2 * (r2 + (2 * x * x))), (y * g) + (_p1 * (r2 + (2 * y * y))) + (2 * _p2 * x * y));
    }

    /// <summary>The undistorted slopes of a point of the image plane at unit focal length.</summary>
    public (double X, double Y) Undistort(double x, double y)
    {
        if (_straight)
        {
            return (x, y);
        }

        double distorted = Math.Sqrt((x * x) + (y * y));
        if (distorted < 1e-15 && _p1 == 0 && _p2 == 0)
        {
            return (0, 0);
        }

        if (!_equidistant)
        {
            return Newton(x, y, distorted);
        }

        if (!(distorted <= _imageLimit))
        {
            return (double.NaN, double.NaN);
        }

        double scale = Math.Tan(InvertRadial(distorted)) / distorted;
        return (x * scale, y * scale);
    }

    /// <summary>Starts from the solution without tangential terms, which leaves Newton only a small correction.</summary>
    private (double X, double Y) Newton(double targetX, double targetY, double distorted)
    {
        double start = InvertRadial(Math.Min(distorted, _imageLimit * 0.999)) / Math.Max(distorted, 1e-300);
        double x = targetX * start, y = targetY * start, error = double.PositiveInfinity;
        for (int i = 0; i < 40; i++)
        {
            (double dx, double dy) = Distort(x, y);
            double ex = dx - targetX, ey = dy - targetY;
            error = Math.Abs(ex) + Math.Abs(ey);
            if (!(error > 1e-15 * (1 + distorted)))
            {
                break;
            }

            double r2 = (x * x) + (y * y), n = Numerator(r2), d = Denominator(r2), g = n / d;
            double slope = ((NumeratorSlope(r2) * d) - (n * DenominatorSlope(r2))) / (d * d);
            double xx = g + (2 * x * x * slope) + (2 * _p1 * y) + (6 * _p2 * x);
            double yy = g + (2 * y * y * slope) + (6 * _p1 * y) + (2 * _p2 * x);
            double xy = (2 * x * y * slope) + (2 * _p1 * x) + (2 * _p2 * y);
            double determinant = (xx * yy) - (xy * xy);
            if (!(determinant > 0))
            {
                break;
            }

            double stepX = ((yy * ex) - (xy * ey)) / determinant, stepY = ((xx * ey) - (xy * ex)) / determinant, part = 1;
            while (part > 1e-6 && Square(x - (part * stepX)) + Square(y - (part * stepY)) > _limit * _limit)
            {
                part /= 2;
            }

            x -= part * stepX;
            y -= part * stepY;
        }

        return error < 1e-11 * (1 + distorted) ? (x, y) : (double.NaN, double.NaN);
    }

    /// <summary>Inverts the radial part, which grows over [0, limit].</summary>
    private double InvertRadial(double image)
    {
        double low = 0, high = _limit, value = Math.Min(image, 0.5 * _limit);
        for (int i = 0; i < 100 && high - low > 1e-16 * _limit; i++)
        {
            double error = Radial(value) - image;
            if (error > 0)
            {
                high = value;
            }
            else
            {
                low = value;
            }

            double next = value - (error / RadialSlope(value));
            next = next > low && next < high ? next : (low + high) / 2;
            if (Math.Abs(next - value) < 1e-16)
            {
                break;
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
            double angle = LargestAngle * i / ScanSteps, value = _equidistant ? angle : Math.Tan(angle);
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

    private bool Grows(double value) =>
        _equidistant ? RadialSlope(value) > 0 : Denominator(value * value) > 0 && Numerator(value * value) > 0 && RadialSlope(value) > 0;

    private double Radial(double value)
    {
        double v2 = value * value;
        return _equidistant
            ? value * (1 + (v2 * (_k1 + (v2 * (_k2 + (v2 * (_k3 + (v2 * _k4))))))))
            : value * Numerator(v2) / Denominator(v2);
    }

    private double RadialSlope(double value)
    {
        double v2 = value * value;
        if (_equidistant)
        {
            return 1 + (v2 * ((3 * _k1) + (v2 * ((5 * _k2) + (v2 * ((7 * _k3) + (v2 * 9 * _k4)))))));
        }

        double n = Numerator(v2), d = Denominator(v2);
        return ((n * d) + (2 * v2 * ((NumeratorSlope(v2) * d) - (n * DenominatorSlope(v2))))) / (d * d);
    }

    private double Numerator(double r2) => 1 + (r2 * (_k1 + (r2 * (_k2 + (r2 * _k3)))));

    private double NumeratorSlope(double r2) => _k1 + (r2 * ((2 * _k2) + (r2 * 3 * _k3)));

    private double Denominator(double r2) => 1 + (r2 * (_k4 + (r2 * (_k5 + (r2 * _k6)))));

    private double DenominatorSlope(double r2) => _k4 + (r2 * ((2 * _k5) + (r2 * 3 * _k6)));

    private static double Square(double value) => value * value;

    private static double At(ReadOnlySpan<double> k, int index) => index < k.Length ? k[index] : 0;
}
