namespace VisionBanana.Edge.Navigation;

/// <summary>Finds the nearest obstacle in every direction. Not thread-safe: one per pipeline; nothing is allocated once warm.</summary>
internal sealed class ScanBuilder(ObstacleOptions options)
{
    /// <summary>Pixels of one surface agree within this, and within this share.</summary>
    private const float TogetherM = 0.05f, TogetherShare = 0.05f;

    private readonly ClassFilter _ignored = new(options.Ignore);

    /// <summary>How many of the nearest pixels of a direction are looked at.</summary>
    private readonly int _kept = options.MinPoints == 1 ? 1 : 2 * options.MinPoints;

    private bool[] _unknown = [];
    private float[] _nearest = [];

    /// <summary>Fills a scan from a picture with depth.</summary>
    public void Build(in NavigationInput picture, ViewGeometry view, ObstacleScan scan)
    {
        Span<float> ranges = scan.Begin(view, options);
        if (_unknown.Length < ranges.Length)
        {
            (_unknown, _nearest) = (new bool[ranges.Length], new float[ranges.Length * _kept]);
        }

        Span<bool> unknown = _unknown.AsSpan(0, ranges.Length);
        Span<float> nearest = _nearest.AsSpan(0, ranges.Length * _kept);
        unknown.Clear();
        nearest.Fill(float.PositiveInfinity);
        Collect(picture, view, nearest, unknown);
        float least = (float)options.MinRangeM, most = view.RangeMaxM;
        ReadOnlySpan<float> reach = view.Reach;
        for (int i = 0; i < ranges.Length; i++)
        {
            float range = Agreed(nearest, i, most, ref unknown[i]);
            ranges[i] = range <= most ? (range < least ? float.NegativeInfinity : range)
                : unknown[i] || reach[i] < most ? float.NaN
                : float.PositiveInfinity;
        }
    }

    private void Collect(in NavigationInput picture, ViewGeometry view, Span<float> nearest, Span<bool> unknown)
    {
        bool knowsFloor = !float.IsNaN(view.Level.HeightM);
        float camera = knowsFloor ? view.Level.HeightM : 0;
        float low = knowsFloor ? (float)options.MinHeightM : -1, high = knowsFloor ? (float)options.MaxHeightM : 1;
        float sure = (float)options.MinConfidence, hole = knowsFloor && options.MaxDropM is { } drop ? -(float)drop : float.NegativeInfinity;
        ReadOnlySpan<ushort> bins = view.Bins;
        ReadOnlySpan<bool> ignored = picture.Labels.IsEmpty ? [] : _ignored.For(picture.Palette);
        ReadOnlySpan<ushort> labels = ignored.IsEmpty ? [] : picture.Labels;
        ReadOnlySpan<float> depth = picture.Depth[..bins.Length], confidence = picture.Confidence[..bins.Length];
        ReadOnlySpan<float> outward = view.Outward[..bins.Length], rise = view.Rise[..bins.Length];
        for (int i = 0; i < bins.Length; i++)
        {
            int bin = bins[i];
            if (bin == ViewGeometry.NoBin)
            {
                continue;
            }

            float z = depth[i];
            if (!(z > 0) || confidence[i] < sure)
            {
                if ((bin & ViewGeometry.HidesNothing) == 0)
                {
                    unknown[bin] = true;
                    if (float.IsNegativeInfinity(z) && confidence[i] >= sure)
                    {
                        Keep(nearest.Slice(bin * _kept, _kept), 0);
                    }
                }

                continue;
            }

            // What is too far to be measured has no height: it is nowhere between the two.
            float height = camera + (z * rise[i]), range = z * outward[i];
            if (height < hole)
            {
                range = camera / -rise[i] * outward[i];
            }
            else if (!(height >= low && height <= high))
            {
                continue;
            }

            bin &= ~ViewGeometry.HidesNothing;
            if (range < nearest[(bin * _kept) + _kept - 1] && (labels.IsEmpty || !ignored[labels[i]]))
            {
                Keep(nearest.Slice(bin * _kept, _kept), range);
            }
        }
    }

    /// <summary>Puts a range, smaller than the last, where it belongs among ranges that rise.</summary>
    private static void Keep(Span<float> rising, float range)
    {
        int at = rising.Length - 1;
        for (; at > 0 && rising[at - 1] > range; at--)
        {
            rising[at] = rising[at - 1];
        }

        rising[at] = range;
    }

    /// <summary>
    /// The nearest range of a direction that enough pixels of it and its two neighbours agree on; +∞ when there is none. What stands alone hides what
    /// lies behind it.
    /// </summary>
    private float Agreed(ReadOnlySpan<float> nearest, int bin, float most, ref bool isUnknown)
    {
        ReadOnlySpan<float> own = nearest.Slice(bin * _kept, _kept);
        if (options.MinPoints == 1)
        {
            return own[0];
        }

        int first = Math.Max(bin - 1, 0) * _kept, end = Math.Min((bin + 2) * _kept, nearest.Length);
        ReadOnlySpan<float> around = nearest[first..end];
        foreach (float range in own)
        {
            if (!(range <= most))
            {
                break;
            }

            float apart = Math.Max(TogetherM, TogetherShare * range);
            int agree = 0;
            foreach (float other in around)
            {
                agree += Math.Abs(other - range) <= apart ? 1 : 0;
            }

            if (agree >= options.MinPoints)
            {
                return range;
            }

            isUnknown = true;
        }

        return float.PositiveInfinity;
    }
}
