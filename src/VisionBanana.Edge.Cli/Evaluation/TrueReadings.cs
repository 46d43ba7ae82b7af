using System.Numerics;
using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Geometry;
using VisionBanana.Edge.Perception;
using VisionBanana.Edge.Scale;

namespace VisionBanana.Edge.Cli.Evaluation;

/// <summary>
/// What sensors would have told of the pictures of a dataset, from its true depth with the noise of such sensors. The pixels that a reading was taken from
/// are not measured.
/// </summary>
internal sealed class TrueReadings
{
    /// <summary>Noise of a beam and of a point, as a share of the distance.</summary>
    private const double BeamNoise = 0.03, PointNoise = 0.01;

    private const double BeamRadius = 1.5;
    private const int PlanePoints = 1500;
    private const long PictureNs = 66_666_667;

    private static readonly PlaneFit Fit = new() { ToleranceM = 0.005f, RelativeTolerance = 0.01f, MinShare = 0.12f, Trials = 400 };

    private readonly IReadOnlyList<AnchorUse> _uses;
    private readonly CameraIntrinsics _painted;
    private readonly List<(AnchorUse Use, RangeFeed Feed)> _beams;
    private readonly PointsFeed _points = new();
    private readonly Random _random = new(1);
    private readonly List<int> _used = [];
    private readonly double _painterStd;
    private long _stampNs = 1_700_000_000_000_000_000;

    public TrueReadings(IReadOnlyList<AnchorUse> uses, CameraIntrinsics painted, double painterStd)
    {
        (_uses, _painted, _painterStd) = (uses, painted, painterStd);
        _beams = [.. uses.Where(u => u.Kind == AnchorUseKind.Range).Select(u => (u, new RangeFeed(frozenAfter: TimeSpan.Zero)))];
    }

    /// <summary>Anchors for a new estimator.</summary>
    public ScaleOptions Options() => new()
    {
        PainterStd = _painterStd,
        Anchors =
        [
            .. _uses.Where(u => u.Kind == AnchorUseKind.Plane).Select(_ => new PlaneAnchor(classes: ["floor", "table"])),
            .. _beams.Select(b => new RangeAnchor(b.Feed, new BeamOptions { Direction = Ray(b.Use), Std = BeamNoise })),
            .. _uses.Where(u => u.Kind == AnchorUseKind.Sparse).Select(_ => new SparseAnchor(_points, PointNoise)),
        ],
    };

    /// <summary>Tells what there is to know of a picture and stamps it.</summary>
    /// <param name="picture">Gets a stamp and, for plane and imu, its support.</param>
    /// <param name="truth">True depth in the painted pixels.</param>
    /// <param name="known">What the dataset says of the camera's place, or null: then the largest level plane of the true depth.</param>
    /// <param name="isClip">False: a minute passes between pictures.</param>
    public void Tell(CameraFrame picture, float[] truth, SupportPlane? known, bool isClip)
    {
        _used.Clear();
        _stampNs += isClip ? PictureNs : 60_000_000_000;
        picture.CapturedAt = new CaptureTime(0, _stampNs);
        foreach ((AnchorUse use, RangeFeed feed) in _beams)
        {
            TellBeam(use, feed, truth);
        }

        foreach (AnchorUse use in _uses)
        {
            if (use.Kind == AnchorUseKind.Sparse)
            {
                TellPoints(use.Points, truth);
            }
            else if (use.Kind is AnchorUseKind.Plane or AnchorUseKind.Imu && (known ?? Find(truth)) is { } plane)
            {
                picture.Support = use.Kind == AnchorUseKind.Plane ? plane : new SupportPlane(plane.UpX, plane.UpY, plane.UpZ);
            }
        }
    }

    /// <summary>Takes out of the truth what was told.</summary>
    public void Hide(float[] truth) => _used.ForEach(i => truth[i] = float.NaN);

    private (double X, double Y, double Z) Ray(AnchorUse use)
    {
        (double x, double y) = _painted.Unproject(use.X * (_painted.Width - 1), use.Y * (_painted.Height - 1));
        return (x, y, 1);
    }

    private void TellBeam(AnchorUse use, RangeFeed feed, float[] truth)
    {
        double u = use.X * (_painted.Width - 1), v = use.Y * (_painted.Height - 1);
        var seen = new List<float>();
        for (int y = Math.Max((int)(v - BeamRadius), 0); y <= Math.Min(v + BeamRadius, _painted.Height - 1); y++)
        {
            for (int x = Math.Max((int)(u - BeamRadius), 0); x <= Math.Min(u + BeamRadius, _painted.Width - 1); x++)
            {
                int i = (y * _painted.Width) + x;
                if (float.IsFinite(truth[i]))
                {
                    seen.Add(truth[i]);
                    _used.Add(i);
                }
            }
        }

        (double sx, double sy, double _) = Ray(use);
        double noise = 1 + (BeamNoise * Normal());
        if (seen.Count > 0)
        {
            feed.Push(Statistics.Median([.. seen]) * Math.Sqrt((sx * sx) + (sy * sy) + 1) * noise, _stampNs);
        }
    }

    private void TellPoints(int count, float[] truth)
    {
        int[] there = [.. Enumerable.Range(0, truth.Length).Where(i => float.IsFinite(truth[i]))];
        var points = new List<Vector3>();
        for (int k = 0; k < count && there.Length > 0; k++)
        {
            int i = there[_random.Next(there.Length)];
            (double x, double y) = _painted.Unproject(i % _painted.Width, i / _painted.Width);
            double z = truth[i] * (1 + (PointNoise * Normal()));
            points.Add(new Vector3((float)(x * z), (float)(y * z), (float)z));
            _used.Add(i);
        }

        _points.Push([.. points], _stampNs);
    }

    /// <summary>The largest plane on which the camera may look down; its points count as told.</summary>
    private SupportPlane? Find(float[] truth)
    {
        int step = Math.Max((int)Math.Sqrt(truth.Length / (double)PlanePoints), 1);
        var points = new List<Vector3>();
        var at = new List<int>();
        for (int y = 0; y < _painted.Height; y += step)
        {
            for (int x = 0; x < _painted.Width; x += step)
            {
                int i = (y * _painted.Width) + x;
                if (float.IsFinite(truth[i]))
                {
                    (double sx, double sy) = _painted.Unproject(x, y);
                    points.Add(new Vector3((float)(sx * truth[i]), (float)(sy * truth[i]), truth[i]));
                    at.Add(i);
                }
            }
        }

        // Cameras of the sets stand upright and look at the horizon or down, to straight down.
        if (Fit.Find([.. points], new Vector3(0, -0.75f, -0.66f), 58) is not { Offset: > 0.05f } plane)
        {
            return null;
        }

        _used.AddRange(at);
        return new SupportPlane(plane.Normal.X, plane.Normal.Y, plane.Normal.Z, plane.Offset);
    }

    private double Normal() => Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());
}
