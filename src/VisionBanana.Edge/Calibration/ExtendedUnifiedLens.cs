namespace VisionBanana.Edge.Calibration;

/// <summary>Extended unified: r = sin θ / (α √(β sin² θ + cos² θ) + (1 − α) cos θ). β = 1 is the unified model.</summary>
internal sealed class ExtendedUnifiedLens(double alpha, double beta) : RadialLens
{
    protected override double Bend(double angle)
    {
        (double sine, double cosine) = Math.SinCos(angle);
        return sine / Denominator(sine, cosine, out _);
    }

    protected override double BendSlope(double angle)
    {
        (double sine, double cosine) = Math.SinCos(angle);
        double denominator = Denominator(sine, cosine, out double d);
        double change = (alpha * (beta - 1) * sine * cosine / d) - ((1 - alpha) * sine);
        return denominator > 0 ? ((cosine * denominator) - (sine * change)) / (denominator * denominator) : double.NaN;
    }

    protected override (double Across, double Along) Straighten(double image)
    {
        double r2 = beta * image * image, root = Math.Sqrt(Math.Max(1 - (((2 * alpha) - 1) * r2), 0));
        return (image, (1 - (alpha * alpha * r2)) / ((alpha * root) + 1 - alpha));
    }

    private double Denominator(double sine, double cosine, out double d)
    {
        d = Math.Sqrt((beta * sine * sine) + (cosine * cosine));
        return (alpha * d) + ((1 - alpha) * cosine);
    }
}
