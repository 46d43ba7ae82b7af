namespace VisionBanana.Edge.Calibration;

/// <summary>A lens that bends every ray by its angle from the axis alone, up to the axis behind it.</summary>
internal abstract class RadialLens : Lens
{
    private const int ScanSteps = 4000;

    // The angle up to which the image radius grows, and that radius.
    private double _limit, _imageLimit;

    public override double FoldRadius => Limit > 0 ? _imageLimit : 0;

    /// <summary>The angle up to which the image radius grows.</summary>
    protected double Limit
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

    /// <summary>The image radius of a ray at an angle (radians) from the axis, 0 to π.</summary>
    protected abstract double Bend(double angle);

    /// <summary>The derivative of <see cref="Bend"/>; not above 0, or NaN, where the model ends.</summary>
    protected abstract double BendSlope(double angle);

    /// <summary>The ray of an image radius within the model's limit, as lengths across and along the axis of any common scale.</summary>
    protected virtual (double Across, double Along) Straighten(double image) => Math.SinCos(Angle(image));

    public sealed override (double X, double Y) Distort(double x, double y, double z)
    {
        double r = Math.Sqrt((x * x) + (y * y));
        if (r < 1e-9 * Math.Abs(z))
        {
            return z > 0 ? (x / z * CentralScale, y / z * CentralScale) : Nowhere;
        }

        double angle = Math.Atan2(r, z), scale = Bend(angle) / r;
        return angle <= Limit ? (x * scale, y * scale) : Nowhere;
    }

    public sealed override (double X, double Y, double Z) Undistort(double x, double y)
    {
        double image = Math.Sqrt((x * x) + (y * y));
        if (image < 1e-9)
        {
            return (x / CentralScale, y / CentralScale, 1);
        }

        if (!(Limit > 0 && image <= _imageLimit))
        {
            return NoRay;
        }

        (double across, double along) = Straighten(image);
        return (x * across / image, y * across / image, along);
    }

    /// <summary>Inverts <see cref="Bend"/> by Newton's steps, kept between bounds that close in.</summary>
    private double Angle(double image)
    {
        double low = 0, high = Limit, angle = Math.Min(image / CentralScale, 0.5 * high);
        for (int i = 0; i < 100; i++)
        {
            double error = Bend(angle) - image;
            (low, high) = error > 0 ? (low, angle) : (angle, high);
            double next = angle - (error / BendSlope(angle));
            next = next >= low && next <= high ? next : (low + high) / 2;
            if (Math.Abs(next - angle) <= 4e-16 * next || high - low <= 4e-16 * high)
            {
                return next;
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
            double angle = Math.PI * i / ScanSteps;
            if (!Grows(angle))
            {
                double good = previous, bad = angle;
                for (int j = 0; j < 60; j++)
                {
                    double middle = (good + bad) / 2;
                    (good, bad) = Grows(middle) ? (middle, bad) : (good, middle);
                }

                return good;
            }

            previous = angle;
        }

        return previous;
    }

    private bool Grows(double angle) => BendSlope(angle) > 0 && double.IsFinite(Bend(angle));
}
