namespace VisionBanana.Edge.Calibration;

/// <summary>One parameter ω: r = atan(2 tan(ω / 2) tan θ) / ω.</summary>
internal sealed class FieldOfViewLens(double omega) : RadialLens
{
    private readonly double _factor = 2 * Math.Tan(omega / 2);

    public override double CentralScale => _factor / omega;

    protected override double Bend(double angle) => Math.Atan(_factor * Math.Tan(angle)) / omega;

    protected override double BendSlope(double angle)
    {
        double tangent = Math.Tan(angle), bent = _factor * tangent;
        return _factor * (1 + (tangent * tangent)) / (1 + (bent * bent)) / omega;
    }
}
