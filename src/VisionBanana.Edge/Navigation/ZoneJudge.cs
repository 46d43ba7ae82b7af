using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Imaging;

namespace VisionBanana.Edge.Navigation;

/// <summary>Says of every zone whether something is in it. Not thread-safe: one per pipeline; nothing is allocated once warm.</summary>
internal sealed class ZoneJudge
{
    private const float DeeperShare = 0.97f, DeeperM = 0.05f;

    private readonly ObstacleOptions _obstacles;
    private readonly ZoneBounds[] _bounds;
    private readonly ZoneView _view;
    private readonly ZoneTally[] _tallies;
    private readonly ClassFilter _ignored;
    private readonly float _minX, _maxX, _minY, _maxY, _low, _high;

    public ZoneJudge(IReadOnlyList<ZoneOptions> zones, ObstacleOptions obstacles)
    {
        _obstacles = obstacles;
        _bounds = [.. zones.Select(z => new ZoneBounds(z, obstacles))];
        Watches = [.. zones.Select(z => new ZoneWatch(z))];
        _view = new ZoneView(zones, obstacles);
        _tallies = new ZoneTally[zones.Count];
        _ignored = new ClassFilter(obstacles.Ignore);
        (_minX, _maxX) = (_bounds.Min(b => b.MinX), _bounds.Max(b => b.MaxX));
        (_minY, _maxY) = (_bounds.Min(b => b.MinY), _bounds.Max(b => b.MaxY));
        (_low, _high) = (_bounds.Min(b => b.Low), _bounds.Max(b => b.High));
    }

    public ZoneWatch[] Watches { get; }

    /// <summary>The part of a zone that a camera sees, 0–1.</summary>
    public float SeenOf(int zone, ViewGeometry view, CameraMount? mount)
    {
        _view.Use(view, mount);
        return _view.SeenOf(zone);
    }

    /// <summary>Judges a picture with depth.</summary>
    public void Judge(in NavigationInput picture, ViewGeometry view)
    {
        _view.Use(view, picture.Mount);
        _tallies.AsSpan().Fill(new ZoneTally { NearestSquared = float.PositiveInfinity, Pixel = -1 });
        Collect(picture, view);
        for (int zone = 0; zone < Watches.Length; zone++)
        {
            ZoneWatch watch = Watches[zone];
            if (_bounds[zone].Classes is not null && picture.Labels.IsEmpty && picture.Instances.IsEmpty)
            {
                // Classes are asked less often than depth: this picture says nothing about the zone.
                watch.Expire(picture.MonotonicNs, picture.UtcNs);
                continue;
            }

            float hidden = Hidden(zone, picture);
            ZoneTally tally = _tallies[zone];
            bool holds = (watch.IsOccupied ? tally.Staying : tally.Entered) >= watch.Options.MinPoints;
            string? hides = _view.SamplesOf(zone).IsEmpty ? "the camera does not see the zone"
                : hidden > watch.Options.MaxHidden ? "part of the zone is hidden or not known" : null;
            watch.Judge(Describe(zone, picture, hidden), holds, hides, picture.MonotonicNs, picture.UtcNs);
        }
    }

    /// <summary>Takes a picture without depth: it says nothing about zones but that time passes.</summary>
    public void Pass(long monotonicNs, long utcNs)
    {
        foreach (ZoneWatch watch in Watches)
        {
            watch.Expire(monotonicNs, utcNs);
        }
    }

    /// <summary>Takes a picture that cannot be judged.</summary>
    public void Lose(string reason, long monotonicNs, long utcNs)
    {
        foreach (ZoneWatch watch in Watches)
        {
            watch.Lose(reason, monotonicNs, utcNs);
        }
    }

    private void Collect(in NavigationInput picture, ViewGeometry view)
    {
        bool knowsFloor = !float.IsNaN(view.Level.HeightM);
        float camera = knowsFloor ? view.Level.HeightM : (_low + _high) / 2, sure = (float)_obstacles.MinConfidence;
        ReadOnlySpan<bool> ignored = picture.Labels.IsEmpty ? [] : _ignored.For(picture.Palette);
        ReadOnlySpan<float> depth = picture.Depth, confidence = picture.Confidence[..depth.Length];
        ReadOnlySpan<float> rise = view.Rise[..depth.Length], ax = _view.X[..depth.Length], ay = _view.Y[..depth.Length];
        ReadOnlySpan<ushort> bins = view.Bins[..depth.Length];
        (float ox, float oy) = (_view.Origin.X, _view.Origin.Y);
        for (int i = 0; i < depth.Length; i++)
        {
            // Infinitely far is in no zone: the comparisons are false.
            float z = depth[i], x = ox + (z * ax[i]), y = oy + (z * ay[i]), height = camera + (z * rise[i]);
            if (x >= _minX && x <= _maxX && y >= _minY && y <= _maxY && height >= _low && height <= _high && z > 0 && confidence[i] >= sure
                && bins[i] != ViewGeometry.NoBin)
            {
                Count(picture, i, x, y, knowsFloor ? height : float.NaN, !ignored.IsEmpty && ignored[picture.Labels[i]]);
            }
        }
    }

    private void Count(in NavigationInput picture, int pixel, float x, float y, float height, bool ignored)
    {
        for (int zone = 0; zone < _bounds.Length; zone++)
        {
            ZoneBounds bounds = _bounds[zone];
            if (x >= bounds.MinX && x <= bounds.MaxX && y >= bounds.MinY && y <= bounds.MaxY && !(height < bounds.Low) && !(height > bounds.High)
                && (bounds.Classes is { } classes ? Counts(classes, picture, pixel, zone) : !ignored))
            {
                bounds.Count(x, y, pixel, Watches[zone].IsOccupied, ref _tallies[zone]);
            }
        }
    }

    private bool Counts(ClassFilter classes, in NavigationInput picture, int pixel, int zone)
    {
        ReadOnlySpan<bool> has = picture.Labels.IsEmpty ? [] : classes.For(picture.Palette);
        return (!has.IsEmpty && has[picture.Labels[pixel]])
            || (!picture.Instances.IsEmpty && picture.Instances[pixel] is not 0 and not LabelPlane.Unknown
                && Watches[zone].Options.Classes.Contains(picture.InstanceClass, StringComparer.OrdinalIgnoreCase));
    }

    /// <summary>The part of the places in view that are behind something, or behind nothing that is known.</summary>
    private float Hidden(int zone, in NavigationInput picture)
    {
        int hidden = 0;
        ReadOnlySpan<(int Pixel, float Depth)> samples = _view.SamplesOf(zone);
        foreach ((int pixel, float at) in samples)
        {
            float z = picture.Depth[pixel];
            hidden += z >= (at * DeeperShare) - DeeperM && picture.Confidence[pixel] >= _obstacles.MinConfidence ? 0 : 1;
        }

        return samples.IsEmpty ? 1 : (float)hidden / samples.Length;
    }

    private ZoneStatus Describe(int zone, in NavigationInput picture, float hidden)
    {
        ZoneTally tally = _tallies[zone];
        ZoneWatch watch = Watches[zone];
        float distance = float.NaN, bearing = float.NaN;
        string name = "";
        if (tally.Pixel >= 0)
        {
            float z = picture.Depth[tally.Pixel];
            distance = MathF.Sqrt(tally.NearestSquared);
            bearing = float.RadiansToDegrees(MathF.Atan2(
                _view.Origin.Y + (z * _view.Y[tally.Pixel]), _view.Origin.X + (z * _view.X[tally.Pixel])));
            name = ClassOf(picture, tally.Pixel);
        }

        return new ZoneStatus(
            watch.Options.Name, ZoneState.Unknown, "", 0, watch.IsOccupied ? tally.Staying : tally.Entered, hidden, _view.SeenOf(zone), distance,
            bearing, name);
    }

    private static string ClassOf(in NavigationInput picture, int pixel)
    {
        if (!picture.Instances.IsEmpty && picture.Instances[pixel] is not 0 and not LabelPlane.Unknown)
        {
            return picture.InstanceClass;
        }

        if (!picture.Labels.IsEmpty && picture.Palette is { } palette)
        {
            for (int i = 0; i < palette.Count; i++)
            {
                if (palette[i].Id == picture.Labels[pixel])
                {
                    return palette[i].Name;
                }
            }
        }

        return "";
    }
}
