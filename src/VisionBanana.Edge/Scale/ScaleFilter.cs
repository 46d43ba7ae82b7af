namespace VisionBanana.Edge.Scale;

/// <summary>
/// A robust filter of one number: the logarithm of what the painted depth of the scene's key picture is to be multiplied with. Pictures are tied to
/// the key picture by how much larger they are painted (<c>ratio</c>, from <see cref="SceneLink"/>), so that a painter that flickers does not move it.
/// Anchors move it by their weight and are left out when they lie too far off. No clock, no chance: the same pictures give the same numbers.
/// </summary>
internal sealed class ScaleFilter(ScaleOptions options)
{
    // Anchors of one scene share the error of the surface they measure: so long two of them are not independent.
    private const double CorrelationS = 1;

    private const double GateSigmas = 4, RobustSigmas = 2, RecognisedGateSigmas = 2.5, LostAfterS = 2, LeastStd = 0.005, MostPull = 0.3;

    // The painter's own scale as a mixture: with this weight it is off by the first share of its standard deviation, else by the second.
    private const double Near = 0.6, NarrowShare = 0.4, WideShare = 1.5;

    private readonly bool _isFixed = Prior(options) is not null;
    private readonly double _prior = Prior(options)?.LogFactor ?? 0, _priorStd = Prior(options)?.Std ?? options.PainterStd;
    private double _log, _variance, _ratio, _ratioVariance, _rejectedS;
    private long _pictures;
    private bool _isAnchored, _anyAccepted, _anyRejected;

    /// <summary>What this picture's painted depth is to be multiplied with, as its logarithm.</summary>
    public double LogFactor => Math.Clamp(_log - _ratio, -Math.Log(options.MaxFactor), Math.Log(options.MaxFactor));

    /// <summary>Its standard deviation.</summary>
    public double Std => Math.Sqrt(_variance + _ratioVariance);

    /// <summary>Begins a scene: what was known of the last one does not count.</summary>
    public void Reset()
    {
        (_log, _variance) = (_prior, _priorStd * _priorStd);
        (_ratio, _ratioVariance, _rejectedS, _pictures) = (0, 0, 0, 1);
        (_isAnchored, _anyAccepted, _anyRejected) = (false, false, false);
    }

    /// <summary>Goes on to the next picture of the scene.</summary>
    /// <param name="seconds">Since the one before.</param>
    /// <param name="ratio">log(painted depth of this picture / painted depth of the key picture) of the same things.</param>
    /// <param name="ratioStd">Its standard deviation.</param>
    public void Next(double seconds, double ratio, double ratioStd)
    {
        _rejectedS = _anyRejected && !_anyAccepted ? _rejectedS + seconds : 0;
        (_anyAccepted, _anyRejected) = (false, false);
        double most = _priorStd * _priorStd;
        _variance = Math.Min(_variance + (options.DriftPerRootS * options.DriftPerRootS * seconds), most);
        if (_rejectedS >= LostAfterS)
        {
            // Everything that measures has said something else for long: it is we who are wrong.
            (_variance, _isAnchored, _rejectedS) = (most, false, 0);
        }

        (_ratio, _ratioVariance) = (ratio, ratioStd * ratioStd);
        _pictures++;

        // The painter's own scale is one more measurement per picture. Its error is the scene's, so that it never makes us surer; where anchors
        // did, it hardly counts.
        double weight = options.SteadyTimeS > 0 ? Math.Max(1.0 / _pictures, Math.Min(seconds / options.SteadyTimeS, 1)) : 1;
        _log += weight * (_variance / most) * Math.Clamp(_prior + ratio - _log, -MostPull, MostPull);
    }

    /// <summary>The picture becomes the key picture.</summary>
    public void Rebase()
    {
        (_log, _variance) = (_log - _ratio, _variance + _ratioVariance);
        (_ratio, _ratioVariance) = (0, 0);
    }

    /// <summary>Counts an anchor's measurement of this picture; false = it lies too far off.</summary>
    /// <param name="measure">What it measured.</param>
    /// <param name="isDirect">See <see cref="ScaleAnchor.IsDirect"/>.</param>
    /// <param name="sinceLast">Seconds since it was used last in this scene; null = never.</param>
    public bool TryUse(in AnchorMeasure measure, bool isDirect, double? sinceLast)
    {
        double innovation = measure.LogFactor + _ratio - _log;
        double expected = Math.Sqrt(_variance + _ratioVariance + measure.Variance);
        double limit = _isAnchored ? GateSigmas * expected
            : isDirect ? Math.Max(GateSigmas * expected, Math.Log(options.MaxFactor)) : RecognisedGateSigmas * expected;
        if (!(Math.Abs(innovation) <= limit) || !(Math.Abs(measure.LogFactor) <= Math.Log(options.MaxFactor)))
        {
            _anyRejected = true;
            return false;
        }

        double repeated = sinceLast is { } seconds ? Math.Max(CorrelationS / Math.Max(seconds, 1e-3), 1) : 1;
        double noise = (measure.ReadingStd * measure.ReadingStd) + (measure.ShapeStd * measure.ShapeStd * repeated) + _ratioVariance;
        if (_isAnchored || _isFixed)
        {
            noise *= Math.Max(1, Math.Abs(innovation) / (RobustSigmas * expected));
            double gain = _variance / (_variance + noise);
            _log += gain * innovation;
            _variance = (1 - gain) * _variance;
        }
        else
        {
            Begin(innovation, noise);
        }

        _variance = Math.Max(_variance, LeastStd * LeastStd);
        (_isAnchored, _anyAccepted) = (true, true);
        return true;
    }

    /// <summary>
    /// The first anchor of a scene meets the painter's own scale, which is mostly near and sometimes far off: a mixture of a narrow and a wide normal
    /// distribution. An anchor that asks for little counts as the narrow one lets it, one that asks for much as the wide one does.
    /// </summary>
    private void Begin(double innovation, double noise)
    {
        double narrow = NarrowShare * NarrowShare * _variance, wide = WideShare * WideShare * _variance;
        double near = Near * Density(innovation, narrow + noise), far = (1 - Near) * Density(innovation, wide + noise);
        double share = near + far > 0 ? near / (near + far) : 0;
        double low = narrow / (narrow + noise), high = wide / (wide + noise), gain = (share * low) + ((1 - share) * high);
        double apart = (high - low) * innovation;
        _log += gain * innovation;
        _variance = (share * (1 - low) * narrow) + ((1 - share) * (1 - high) * wide) + (share * (1 - share) * apart * apart);
    }

    private static double Density(double off, double variance) => Math.Exp(-off * off / (2 * variance)) / Math.Sqrt(variance);

    private static FixedAnchor? Prior(ScaleOptions options) => options.Anchors.OfType<FixedAnchor>().FirstOrDefault();
}
