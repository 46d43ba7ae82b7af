namespace VisionBanana.Edge.Calibration;

/// <summary>One parameter λ: tan θ = r / (1 + λ r²).</summary>
internal sealed class DivisionLens(double lambda) : RadialLens
{
    public override bool IsStraight => lambda == 0;

    protected override double Bend(double angle)
    {
        double slope = Math.Tan(angle);
        return 2 * slope / (1 + Root(slope));
    }

    protected override double BendSlope(double angle)
    {
        double slope = Math.Tan(angle), root = Root(slope);
        return 2 / (root * (1 + root)) * (1 + (slope * slope));
    }

    // NaN past the largest slope of a pincushion (λ > 0).
    private double Root(double slope) => Math.Sqrt(1 - (4 * lambda * slope * slope));
}
