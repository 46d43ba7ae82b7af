using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Mavlink;
using VisionBanana.Edge.Navigation;

namespace VisionBanana.Edge.Autopilot;

/// <summary>A scan as an autopilot takes it: 72 distances in centimetres over the camera's view, clockwise from the left of it.</summary>
internal sealed class ObstacleDistances(CameraMount? mount)
{
    private readonly ushort[] _distances = new ushort[MavlinkWriter.Distances];

    /// <summary>Centimetres; <see cref="MaxCm"/> + 1 = none, <see cref="MavlinkWriter.Unknown"/> = not known.</summary>
    public ReadOnlySpan<ushort> Distances => _distances;

    public ushort MinCm { get; private set; }

    public ushort MaxCm { get; private set; } = 1;

    /// <summary>The direction of the first distance, clockwise from the vehicle's front, −180 to 180.</summary>
    public float FirstDegrees { get; private set; }

    public float IncrementDegrees { get; private set; } = 360f / MavlinkWriter.Distances;

    /// <summary>Takes a scan.</summary>
    /// <param name="scan">It.</param>
    /// <param name="live">Where the camera sat for it; null = where it always sits.</param>
    public void Take(ObstacleScan scan, CameraMount? live = null)
    {
        ReadOnlySpan<float> ranges = scan.Ranges;
        (MinCm, MaxCm) = (Centimetres(scan.RangeMinM, 65_000), Centimetres(scan.RangeMaxM, 65_000));
        double view = ranges.Length * (double)scan.AngleIncrement, each = view / _distances.Length;

        // Ours go left from the right edge, theirs right from the left edge.
        double leftEdge = scan.AngleMin + (((ranges.Length - 1) + 0.5) * scan.AngleIncrement), yaw = YawOf(scan, live ?? mount);
        IncrementDegrees = (float)double.RadiansToDegrees(each);
        FirstDegrees = (float)double.RadiansToDegrees(Math.IEEERemainder(-(yaw + leftEdge) + (each / 2), Math.Tau));
        for (int i = 0; i < _distances.Length; i++)
        {
            // Whatever of the scan lies in a direction, and where it is finer, the range it lies in.
            double to = view - (i * each), from = to - each;
            int first = Math.Clamp((int)Math.Floor((from / scan.AngleIncrement) + 1e-6), 0, ranges.Length - 1);
            int last = Math.Clamp((int)Math.Ceiling((to / scan.AngleIncrement) - 1e-6) - 1, first, ranges.Length - 1);
            _distances[i] = Of(ranges[first..(last + 1)]);
        }
    }

    /// <summary>Knows nothing any more.</summary>
    public void Forget() => _distances.AsSpan().Fill(MavlinkWriter.Unknown);

    private ushort Of(ReadOnlySpan<float> ranges)
    {
        float nearest = float.PositiveInfinity;
        bool unknown = false;
        foreach (float range in ranges)
        {
            unknown |= float.IsNaN(range);
            nearest = range < nearest ? range : nearest;
        }

        return float.IsPositiveInfinity(nearest) ? (unknown ? MavlinkWriter.Unknown : (ushort)(MaxCm + 1))
            : float.IsNegativeInfinity(nearest) ? MinCm
            : Math.Max(MinCm, Centimetres(nearest, MaxCm));
    }

    private static double YawOf(ObstacleScan scan, CameraMount? mount)
    {
        if (mount is null)
        {
            return 0;
        }

        (double x, double y, _) = mount.Rotation.Multiply(scan.InOptical).Rotate(1, 0, 0);
        return Math.Atan2(y, x);
    }

    private static ushort Centimetres(float metres, ushort most) => (ushort)Math.Clamp(MathF.Round(metres * 100), 1, most);
}
