namespace VisionBanana.Edge.Navigation;

/// <summary>Finds the nearest obstacle in every direction. Not thread-safe: one per pipeline; nothing is allocated once warm.</summary>
internal sealed class ScanBuilder(ObstacleOptions options)
{
    private readonly ClassFilter _ignored = new(options.Ignore);
    private bool[] _unknown = [];

    /// <summary>Fills a scan from a picture with depth.</summary>
    public void Build(in NavigationInput picture, ViewGeometry view, ObstacleScan scan)
    {
        Span<float> ranges = scan.Begin(view, options);
        ranges.Fill(float.PositiveInfinity);
        if (_unknown.Length < ranges.Length)
        {
            _unknown = new bool[ranges.Length];
        }

        Span<bool> unknown = _unknown.AsSpan(0, ranges.Length);
        unknown.Clear();
        Collect(picture, view, ranges, unknown);
        float least = (float)options.MinRangeM, most = view.RangeMaxM;
        ReadOnlySpan<float> reach = view.Reach;
        for (int i = 0; i < ranges.Length; i++)
        {
            float range = ranges[i];
            ranges[i] = range <= most ? (range < least ? float.NegativeInfinity : range)
                : unknown[i] || reach[i] < most ? float.NaN
                : float.PositiveInfinity;
        }
    }

    private void Collect(in NavigationInput picture, ViewGeometry view, Span<float> ranges, Span<bool> unknown)
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
                    ranges[bin] = float.IsNegativeInfinity(z) && confidence[i] >= sure ? float.NegativeInfinity : ranges[bin];
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
            if (range < ranges[bin] && (labels.IsEmpty || !ignored[labels[i]]))
            {
                ranges[bin] = range;
            }
        }
    }
}
