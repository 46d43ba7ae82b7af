using System.Numerics;

namespace VisionBanana.Edge.Scale;

/// <summary>Takes sparse clouds in the camera's optical frame (x right, y down, z forward, metres), e.g. of a lidar or of visual-inertial odometry.</summary>
public sealed class PointsFeed
{
    /// <summary>The most points of a cloud that are kept, evenly spread over it.</summary>
    public const int MaxPoints = 2048;

    private readonly ReadingLog<Cloud> _log;

    /// <summary>Creates it.</summary>
    /// <param name="clock">The clock that stamps are held against.</param>
    public PointsFeed(TimeProvider? clock = null) => _log = new ReadingLog<Cloud>(clock ?? TimeProvider.System, TimeSpan.FromSeconds(2));

    /// <summary>How clouds fared.</summary>
    public AnchorCounts Counts => _log.Counts;

    /// <summary>Notes a cloud and says whether it counts. Points that are not finite or not in front of the camera are left out.</summary>
    /// <param name="points">Copied.</param>
    /// <param name="stampNs">When it was taken, nanoseconds since the Unix epoch; 0 = now.</param>
    public AnchorRefusal Push(ReadOnlySpan<Vector3> points, long stampNs = 0)
    {
        int step = Math.Max((points.Length + MaxPoints - 1) / MaxPoints, 1);
        var kept = new List<Vector3>(Math.Min(points.Length, MaxPoints));
        for (int i = 0; i < points.Length; i += step)
        {
            Vector3 p = points[i];
            if (float.IsFinite(p.X) && float.IsFinite(p.Y) && p.Z > 0.01f && float.IsFinite(p.Z))
            {
                kept.Add(p);
            }
        }

        return _log.Add(new Cloud([.. kept]), kept.Count > 0, stampNs);
    }

    internal void Refuse(AnchorRefusal refusal) => _log.Refuse(refusal);

    internal AnchorRefusal TryFind(long stampNs, TimeSpan maxAge, out ReadOnlySpan<Vector3> points)
    {
        AnchorRefusal refusal = _log.TryFind(stampNs, maxAge, out Cloud cloud);
        points = cloud.Points;
        return refusal;
    }

    private readonly record struct Cloud(Vector3[] Points) : IEquatable<Cloud>
    {
        public bool Equals(Cloud other) => Points.AsSpan().SequenceEqual(other.Points);

        public override int GetHashCode() => Points.Length;
    }
}
