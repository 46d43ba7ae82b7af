namespace VisionBanana.Edge.Tests.Navigation;

/// <summary>How far ranges are from the nearest hits of their directions.</summary>
internal sealed class RangeErrors
{
    private readonly List<double> _errors = [];

    public int Ranges { get; private set; }

    /// <summary>Ranges that are not within 1 % or 1 cm of the nearest hit in their direction.</summary>
    public int BeyondNearest { get; private set; }

    /// <summary>Ranges that are not within 1 % or 1 cm of any hit in their direction.</summary>
    public int OutsideAll { get; private set; }

    /// <summary>Directions all full of something that the scan does not see.</summary>
    public int Missed { get; private set; }

    /// <summary>Directions in which something is seen where nothing is.</summary>
    public int False { get; private set; }

    /// <summary>The median of |range / nearest hit − 1| where both are finite; NaN for none.</summary>
    public double MedianShare
    {
        get
        {
            _errors.Sort();
            return _errors.Count == 0 ? double.NaN : _errors[_errors.Count / 2];
        }
    }

    public void Add(float range, double nearest, double near, double far)
    {
        Ranges++;
        Missed += double.IsFinite(far) && !float.IsFinite(range) ? 1 : 0;
        False += double.IsPositiveInfinity(near) && float.IsFinite(range) ? 1 : 0;
        bool isNearest = double.IsPositiveInfinity(nearest) ? !float.IsFinite(range) : Math.Abs(range - nearest) <= Tolerance(nearest);
        bool isAny = float.IsFinite(range) ? range >= near - Tolerance(near) && range <= far + Tolerance(far) : double.IsPositiveInfinity(far);
        BeyondNearest += isNearest ? 0 : 1;
        OutsideAll += isAny ? 0 : 1;
        if (float.IsFinite(range) && double.IsFinite(nearest))
        {
            _errors.Add(Math.Abs((range / nearest) - 1));
        }
    }

    private static double Tolerance(double metres) => Math.Max(0.01, 0.01 * metres);
}
