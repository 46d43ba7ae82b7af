namespace VisionBanana.Edge.Scale;

/// <summary>The one check of standard deviations of logarithms.</summary>
internal static class AnchorStd
{
    public const double Least = 0.001, Most = 3;

    public static double Checked(double std) => std is >= Least and <= Most
        ? std
        : throw new ConfigurationException(FormattableString.Invariant(
            $"The standard deviation of an anchor is a share of the distance, {Least} to {Most} (0.03 = 3 %), found {std}."));
}
