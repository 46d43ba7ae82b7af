namespace VisionBanana.Edge.Calibration;

/// <summary>One parameter λ: the image radius r sees the direction (r, 1 + λ r²), across and along the axis.</summary>
internal sealed class DivisionLens(double lambda) : RadialLens
{
    public override bool IsStraight => lambda == 0;

    protected override double Bend(double angle)
    {
        (double sine, double cosine) = Math.SinCos(angle);
        return 2 * sine / (cosine + Root(sine, cosine));
    }

    protected override double BendSlope(double angle)
    {
        (double sine, double cosine) = Math.SinCos(angle);
        double root = Root(sine, cosine), sum = cosine + root, change = -sine - ((1 + (4 * lambda)) * sine * cosine / root);
        return 2 * ((cosine * sum) - (sine * change)) / (sum * sum);
    }

    protected override (double Across, double Along) Straighten(double image) => (image, 1 + (lambda * image * image));

    // NaN past the largest slope of a pincushion (λ > 0).
    private double Root(double sine, double cosine) => Math.Sqrt((cosine * cosine) - (4 * lambda * sine * sine));
}
