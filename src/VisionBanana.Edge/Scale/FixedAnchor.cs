namespace VisionBanana.Edge.Scale;

/// <summary>
/// A factor found on site, e.g. by <c>vbedge scale</c>: the painter's own scale times this is what is believed until something else is measured.
/// </summary>
public sealed class FixedAnchor : ScaleAnchor
{
    /// <summary>Creates it.</summary>
    /// <param name="factor">What the painted depth is to be multiplied with, 0.01 to 100.</param>
    /// <param name="std">The standard deviation of its logarithm: .05 stands for 5 %.</param>
    /// <exception cref="ConfigurationException">A number is out of its range.</exception>
    public FixedAnchor(double factor, double std = 0.05)
        : base("fixed")
    {
        if (!(factor is >= 0.01 and <= 100))
        {
            throw new ConfigurationException(FormattableString.Invariant($"A fixed scale is a factor of 0.01 to 100, found {factor}."));
        }

        (Factor, Std) = (factor, AnchorStd.Checked(std));
        LogFactor = Math.Log(factor);
    }

    /// <summary>What the painted depth is multiplied with.</summary>
    public double Factor { get; }

    /// <summary>The standard deviation of its logarithm.</summary>
    public double Std { get; }

    internal double LogFactor { get; }

    // The filter begins with it: it is no further measurement.
    internal override AnchorMeasure Measure(in ScaleView view) => AnchorMeasure.Refused(AnchorRefusal.None);
}
