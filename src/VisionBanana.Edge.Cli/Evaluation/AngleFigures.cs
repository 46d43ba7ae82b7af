namespace VisionBanana.Edge.Cli.Evaluation;

/// <summary>Collects angles of 0–180° in steps of a twentieth of a degree.</summary>
internal sealed class AngleFigures
{
    private const int StepsPerDegree = 20;

    private readonly long[] _counts = new long[(180 * StepsPerDegree) + 1];
    private long _count;
    private double _sum;

    public double MeanDegrees => _count == 0 ? double.NaN : _sum / _count;

    public double MedianDegrees
    {
        get
        {
            long seen = 0;
            for (int i = 0; i < _counts.Length && _count > 0; i++)
            {
                seen += _counts[i];
                if (2 * seen >= _count)
                {
                    return (i + 0.5) / StepsPerDegree;
                }
            }

            return double.NaN;
        }
    }

    /// <summary>The share of angles below a limit.</summary>
    public double Within(double degrees) => _count == 0 ? double.NaN : _counts.Take((int)(degrees * StepsPerDegree)).Sum() / (double)_count;

    /// <summary>Adds the angle between two unit vectors.</summary>
    public void Add(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        double cosine = ((double)a[0] * b[0]) + ((double)a[1] * b[1]) + ((double)a[2] * b[2]);
        double degrees = double.RadiansToDegrees(Math.Acos(Math.Clamp(cosine, -1, 1)));
        _counts[(int)(degrees * StepsPerDegree)]++;
        _sum += degrees;
        _count++;
    }
}
