using System.Numerics;

namespace VisionBanana.Edge.Scale;

/// <summary>A sparse cloud of a lidar or of visual-inertial odometry in the camera's optical frame, against the depth painted at its pixels.</summary>
public sealed class SparseAnchor : ScaleAnchor
{
    private const int MinPoints = 3;
    private const double LocalStd = 0.1;

    private readonly PointsFeed _feed;
    private readonly double _std;
    private readonly TimeSpan _maxAge;
    private readonly float[] _ratios = new float[PointsFeed.MaxPoints];

    /// <summary>Creates it.</summary>
    /// <param name="feed">Brings the clouds.</param>
    /// <param name="std">The standard deviation of a point as a share of its distance.</param>
    /// <param name="maxAge">How far in time the cloud may be from the picture; null = 200 ms.</param>
    /// <param name="name">Name in reports.</param>
    /// <exception cref="ConfigurationException">The standard deviation is out of its range.</exception>
    public SparseAnchor(PointsFeed feed, double std = 0.03, TimeSpan? maxAge = null, string name = "sparse")
        : base(name)
    {
        ArgumentNullException.ThrowIfNull(feed);
        (_feed, _std, _maxAge) = (feed, AnchorStd.Checked(std), maxAge ?? TimeSpan.FromMilliseconds(200));
    }

    internal override bool IsDirect => true;

    internal override AnchorMeasure Measure(in ScaleView view)
    {
        AnchorRefusal refusal = _feed.TryFind(view.StampNs, _maxAge, out ReadOnlySpan<Vector3> points);
        if (refusal != AnchorRefusal.None)
        {
            return AnchorMeasure.Refused(refusal);
        }

        int count = 0, inside = 0;
        foreach (Vector3 p in points)
        {
            double u = Math.Floor((view.Camera.Fx * p.X / p.Z) + view.Camera.Cx + 0.5), v = Math.Floor((view.Camera.Fy * p.Y / p.Z) + view.Camera.Cy + 0.5);
            if (u >= 0 && u < view.Width && v >= 0 && v < view.Height)
            {
                inside++;
                float depth = view.Depth[((int)v * view.Width) + (int)u];
                if (depth > 0 && float.IsFinite(depth))
                {
                    _ratios[count++] = MathF.Log(p.Z / depth);
                }
            }
        }

        if (count < MinPoints)
        {
            return AnchorMeasure.Refused(inside < MinPoints ? AnchorRefusal.OutsideView : AnchorRefusal.NotSeen);
        }

        Span<float> ratios = _ratios.AsSpan(0, count);
        double middle = Middle.Of(ratios), spread = Math.Max(Middle.Spread(ratios), LocalStd), root = Math.Sqrt(count);
        return new AnchorMeasure(middle, _std / root, spread / root);
    }
}
