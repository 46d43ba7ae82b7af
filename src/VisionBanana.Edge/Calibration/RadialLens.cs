namespace VisionBanana.Edge.Calibration;

/// <summary>A lens that bends every ray by its angle from the axis alone.</summary>
internal abstract class RadialLens : Lens
{
    private const int ScanSteps = 2000;

    // The angle up to which the image radius grows, and that radius.
    private double _limit, _imageLimit;

    public override double FoldRadius => Limit < LargestAngle * 0.9999 ? _imageLimit : double.PositiveInfinity;

    private double Limit
    {
        get
        {
            if (_limit == 0)
            {
                double limit = FindLimit();
                _imageLimit = Bend(limit);
                _limit = limit;
            }

            return _limit;
        }
    }

    /// <summary>The image radius of a ray at an angle (radians) from the axis.</summary>
    protected abstract double Bend(double angle);

    /// <summary>The derivative of <see cref="Bend"/>; not above 0, or NaN, where the model ends.</summary>
    protected abstract double BendSlope(double angle);

    public sealed override (double X, double Y) Distort(double x, double y)
    {
        double r = Math.Sqrt((x * x) + (y * y));
        if (r < 1e-9)
        {
            return (x * CentralScale, y * CentralScale);
        }

        double angle = Math.Atan(r), scale = Bend(angle) / r;
        return angle <= Limit ? (x * scale, y * scale) : Nowhere;
    }

    public sealed override (double X, double Y) Undistort(double x, double y)
    {
        double limit = Limit, image = Math.Sqrt((x * x) + (y * y));
        if (image < 1e-9)
        {
            return (x / CentralScale, y / CentralScale);
        }

        if (!(image <= _imageLimit))
        {
            return Nowhere;
        }

        double scale = Math.Tan(Straighten(image, limit)) / image;
        return (x * scale, y * scale);
    }

    /// <summary>Newton's steps, kept between bounds that close in.</summary>
    private double Straighten(double image, double limit)
    {
        double low = 0, high = limit, angle = Math.Min(image / CentralScale, 0.5 * limit);
        for (int i = 0; i < 100 && high - low > 1e-16 * limit; i++)
        {
            double error = Bend(angle) - image;
            (low, high) = error > 0 ? (low, angle) : (angle, high);
            double next = angle - (error / BendSlope(angle));
            next = next > low && next < high ? next : (low + high) / 2;
            if (Math.Abs(next - angle) < 1e-16)
            {
                break;
            }

            angle = next;
        }

        return angle;
    }

    private double FindLimit()
    {
        double previous = 0;
        for (int i = 1; i <= ScanSteps; i++)
        {
            double angle = LargestAngle * i / ScanSteps;
            if (!(BendSlope(angle) > 0))
            {
                double good = previous, bad = angle;
                for (int j = 0; j < 60; j++)
                {
                    double middle = (good + bad) / 2;
                    (good, bad) = BendSlope(middle) > 0 ? (middle, bad) : (good, middle);
                }

                return good;
            }

            previous = angle;
        }

        return previous;
    }
}
