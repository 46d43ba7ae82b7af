using System.Numerics;

namespace VisionBanana.Edge.Navigation;

/// <summary>An object over time: a Kalman filter of place and speed with the same uncertainty along every axis.</summary>
internal sealed class Track
{
    private const double FirstSpeedVariance = 4;

    private double _pp, _pv, _vv;

    /// <summary>0 until it was found often enough.</summary>
    public int Id { get; set; }

    public string Class { get; private set; } = "";

    public Vector3 Place { get; private set; }

    public Vector3 Velocity { get; private set; }

    /// <summary>In how many pictures it was found.</summary>
    public int Hits { get; private set; }

    /// <summary>When it was found last.</summary>
    public long LastNs { get; private set; }

    /// <summary>Whether it was found in this picture.</summary>
    public bool IsSeen { get; set; }

    /// <summary>The variance of what will be measured, for a measurement's own.</summary>
    public double VarianceWith(double measured) => _pp + measured;

    public void Begin(string name, Vector3 place, double variance, long ns)
    {
        (Id, Class, Place, Velocity, Hits, LastNs, IsSeen) = (0, name, place, default, 1, ns, true);
        (_pp, _pv, _vv) = (variance, 0, FirstSpeedVariance);
    }

    /// <summary>Where it should be after some seconds.</summary>
    public void Predict(double seconds, double acceleration)
    {
        Place += Velocity * (float)seconds;
        double q = acceleration * acceleration, t2 = seconds * seconds;
        _pp += (2 * seconds * _pv) + (t2 * _vv) + (q * t2 * t2 / 4);
        _pv += (seconds * _vv) + (q * t2 * seconds / 2);
        _vv += q * t2;
        IsSeen = false;
    }

    /// <summary>Takes a measurement.</summary>
    public void Correct(Vector3 measured, double variance, long ns)
    {
        double gain = _pp / (_pp + variance), speedGain = _pv / (_pp + variance);
        Vector3 off = measured - Place;
        Place += off * (float)gain;
        Velocity += off * (float)speedGain;
        _vv -= speedGain * _pv;
        (_pp, _pv) = ((1 - gain) * _pp, (1 - gain) * _pv);
        (Hits, LastNs, IsSeen) = (Hits + 1, ns, true);
    }
}
