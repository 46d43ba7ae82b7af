namespace VisionBanana.Edge.Scale;

/// <summary>
/// Estimates the scale of one camera's painted depth from its anchors and from picture to picture. Deterministic: the same pictures with
/// the same stamps and readings give the same scales. Nothing is allocated once warm. One thread at a time calls <see cref="Estimate"/>.
/// </summary>
internal sealed class ScaleEstimator
{
    private const double LongestS = 60;

    // Bounded: sensors come and go, combinations do not.
    private const int MostNames = 256;

    private readonly ScaleOptions _options;
    private readonly ScaleAnchor[] _anchors;
    private readonly AnchorMeasure[] _measures;
    private readonly int[] _order;
    private readonly long[] _usedNs;
    private readonly ScaleFilter _filter;
    private readonly SceneLink _link = new();
    private readonly Dictionary<ulong, string[]> _names = [];
    private readonly Lock _gate = new();
    private ScaleEstimate _last = ScaleEstimate.AsPainted;
    private long _stampNs, _scenes;

    /// <exception cref="ConfigurationException">The options contradict themselves; all problems are told at once.</exception>
    public ScaleEstimator(ScaleOptions options)
    {
        string[] problems = [.. options.Problems(), .. options.Anchors.Count > 64 ? ["At most 64 anchors."] : Array.Empty<string>()];
        if (problems.Length > 0)
        {
            throw new ConfigurationException(string.Join(Environment.NewLine, problems));
        }

        _options = options;
        _anchors = [.. options.Anchors];
        (_measures, _order, _usedNs) = (new AnchorMeasure[_anchors.Length], new int[_anchors.Length], new long[_anchors.Length]);
        _filter = new ScaleFilter(options);
    }

    public ScaleOptions Options => _options;

    /// <summary>The newest estimate; safe for several threads.</summary>
    public ScaleEstimate Last
    {
        get
        {
            lock (_gate)
            {
                return _last;
            }
        }
    }

    /// <summary>How many scenes began.</summary>
    public long Scenes => Interlocked.Read(ref _scenes);

    /// <summary>How the scale stands; safe for several threads.</summary>
    public ScaleReport Report() => new(Last, Scenes, [.. _anchors.Select(a => new AnchorReport(a.Name, a.Counts.Used, a.Counts.Refused))]);

    /// <summary>Estimates the scale of one picture.</summary>
    public ScaleEstimate Estimate(in ScaleView view)
    {
        SceneRelation relation = _link.Show(view);
        double seconds = (view.StampNs - _stampNs) / 1e9;
        bool isNew = relation.Kind == SceneRelationKind.Cut || seconds < 0;
        _stampNs = view.StampNs;
        if (isNew)
        {
            _filter.Reset();
            Array.Clear(_usedNs);
            Interlocked.Increment(ref _scenes);
        }
        else
        {
            _filter.Next(Math.Min(seconds, LongestS), relation.LogRatio, relation.Std);
        }

        ulong used = UseAnchors(view);
        double std = _filter.Std;
        var estimate = new ScaleEstimate(
            Math.Exp(_filter.LogFactor), std, NamesOf(used), isNew, Math.Exp(-3 * std) >= _options.MinScaleConfidence);
        if (relation.Kind == SceneRelationKind.Moved)
        {
            _filter.Rebase();
        }

        lock (_gate)
        {
            _last = estimate;
        }

        return estimate;
    }

    /// <summary>The surest first: those that contradict it do not count then.</summary>
    private ulong UseAnchors(in ScaleView view)
    {
        for (int i = 0; i < _anchors.Length; i++)
        {
            _measures[i] = _anchors[i].Measure(view);
            int at = i;
            for (; at > 0 && _measures[_order[at - 1]].Variance > _measures[i].Variance; at--)
            {
                _order[at] = _order[at - 1];
            }

            _order[at] = i;
        }

        ulong used = 0;
        foreach (int i in _order)
        {
            ScaleAnchor anchor = _anchors[i];
            AnchorRefusal refusal = _measures[i].Refusal;
            if (refusal == AnchorRefusal.None && anchor is not FixedAnchor)
            {
                double? sinceLast = _usedNs[i] == 0 ? null : (view.StampNs - _usedNs[i]) / 1e9;
                refusal = _filter.TryUse(_measures[i], anchor.IsDirect, sinceLast) ? AnchorRefusal.None : AnchorRefusal.Contradicts;
                _usedNs[i] = refusal == AnchorRefusal.None ? view.StampNs : _usedNs[i];
            }

            anchor.Counts.Add(refusal);
            used |= refusal == AnchorRefusal.None ? 1UL << i : 0;
        }

        return used;
    }

    private string[] NamesOf(ulong used) => _names.TryGetValue(used, out string[]? names) ? names : Remember(used);

    private string[] Remember(ulong used)
    {
        string[] names = [.. _anchors.Where((_, i) => (used & (1UL << i)) != 0).Select(a => a.Name)];
        if (_names.Count < MostNames)
        {
            _names[used] = names;
        }

        return names;
    }
}
