namespace VisionBanana.Edge.Calibration;

/// <summary>One parameter ω: tan(ω r) = 2 tan(ω / 2) tan θ, with both angles taken past 90° together.</summary>
internal sealed class FieldOfViewLens(double omega) : RadialLens
{
    private readonly double _factor = 2 * Math.Tan(omega / 2);

    public override double CentralScale => _factor / omega;

    protected override double Bend(double angle)
    {
        (double sine, double cosine) = Math.SinCos(angle);
        return Math.Atan2(_factor * sine, cosine) / omega;
    }

    protected override double BendSlope(double angle)
    {
        (double sine, double cosine) = Math.SinCos(angle);
        return _factor / ((cosine * cosine) + (_factor * _factor * sine * sine)) / omega;
    }

    protected override (double Across, double Along) Straighten(double image)
    {
        (double sine, double cosine) = Math.SinCos(omega * image);
        return (sine, _factor * cosine);
    }
}
