namespace VisionBanana.Edge.Calibration;

/// <summary>Kannala–Brandt with four coefficients: r = θ (1 + k1 θ² + k2 θ⁴ + k3 θ⁶ + k4 θ⁸).</summary>
internal sealed class EquidistantLens : RadialLens
{
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
}
