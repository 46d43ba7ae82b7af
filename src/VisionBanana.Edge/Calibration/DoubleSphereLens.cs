namespace VisionBanana.Edge.Calibration;

/// <summary>Double sphere: r = sin θ / (α d + (1 − α)(ξ + cos θ)) with d the distance from the second sphere's centre.</summary>
internal sealed class DoubleSphereLens(double xi, double alpha) : RadialLens
{
    public override double CentralScale => 1 / (1 + xi);

    protected override double Bend(double angle)
    {
        (double sine, double cosine) = Math.SinCos(angle);
        return sine / Denominator(sine, cosine, out _);
    }

    protected override double BendSlope(double angle)
    {
        (double sine, double cosine) = Math.SinCos(angle);
        double denominator = Denominator(sine, cosine, out double d);
        double change = (-alpha * sine * xi / d) - ((1 - alpha) * sine);
        return denominator > 0 ? ((cosine * denominator) - (sine * change)) / (denominator * denominator) : double.NaN;
    }

    protected override (double Across, double Along) Straighten(double image)
    {
        double r2 = image * image, z = (1 - (alpha * alpha * r2)) / ((alpha * Math.Sqrt(Math.Max(1 - (((2 * alpha) - 1) * r2), 0))) + 1 - alpha);
        double scale = ((z * xi) + Math.Sqrt((z * z) + ((1 - (xi * xi)) * r2))) / ((z * z) + r2);
        return (scale * image, (scale * z) - xi);
    }

    private double Denominator(double sine, double cosine, out double d)
    {
        double shifted = xi + cosine;
        d = Math.Sqrt((sine * sine) + (shifted * shifted));
        return (alpha * d) + ((1 - alpha) * shifted);
    }
}
