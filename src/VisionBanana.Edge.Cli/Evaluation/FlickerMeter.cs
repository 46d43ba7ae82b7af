namespace VisionBanana.Edge.Cli.Evaluation;

/// <summary>Per pixel the standard deviation of log(depth) over pictures of one scene.</summary>
internal sealed class FlickerMeter(int pixels)
{
    private readonly double[] _mean = new double[pixels], _squares = new double[pixels];
    private readonly bool[] _isGone = new bool[pixels];
    private int _count;

    /// <summary>Adds a picture; a pixel without depth in any of them is left out.</summary>
    public void Add(ReadOnlySpan<float> depth)
    {
        _count++;
        for (int i = 0; i < depth.Length; i++)
        {
            if (!float.IsFinite(depth[i]) || depth[i] <= 0)
            {
                _isGone[i] = true;
                continue;
            }

            double log = Math.Log(depth[i]), off = log - _mean[i];
            _mean[i] += off / _count;
            _squares[i] += off * (log - _mean[i]);
        }
    }

    /// <summary>The standard deviations, pixel by pixel, of those that always had a depth.</summary>
    public float[] Deviations() => [.. _squares.Where((_, i) => !_isGone[i]).Select(s => (float)Math.Sqrt(s / Math.Max(_count, 1)))];
}
