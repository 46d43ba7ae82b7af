using VisionBanana.Edge.Calibration;

namespace VisionBanana.Edge.Navigation;

/// <summary>
/// How far the nearest obstacle is in each direction, in a level frame at the camera (x where the camera looks, brought to the level, y left, z up).
/// Belongs to the lease of its picture.
/// </summary>
public sealed class ObstacleScan
{
    private float[] _ranges = [];
    private int _count;

    internal ObstacleScan()
    {
    }

    /// <summary>
    /// Horizontal metres to the nearest obstacle, from the right to the left. +∞ = none up to <see cref="RangeMaxM"/>, −∞ = nearer than
    /// <see cref="RangeMinM"/>, NaN = not known: nothing is seen there, or something that is not known hides it (REP-117).
    /// </summary>
    public ReadOnlySpan<float> Ranges => _ranges.AsSpan(0, _count);

    /// <summary>The direction of the first range in radians, to the left of x.</summary>
    public float AngleMin { get; private set; }

    /// <summary>Radians from one range to the next.</summary>
    public float AngleIncrement { get; private set; }

    /// <summary>Metres.</summary>
    public float RangeMinM { get; private set; }

    /// <summary>Metres up to which half of the directions are seen, at most what was asked.</summary>
    public float RangeMaxM { get; private set; }

    /// <summary>True when the floor is known; otherwise the ranges are of what is seen between two rows of a camera that counts as level.</summary>
    public bool KnowsFloor { get; private set; }

    /// <summary>Metres of the camera above the floor; NaN when it is not known.</summary>
    public float CameraHeightM { get; private set; }

    /// <summary>Turns vectors of the scan's frame into the optical frame; both have the same origin.</summary>
    public UnitQuaternion InOptical { get; private set; }

    /// <summary>The nearest range, or NaN when no obstacle is seen; −∞ when one is too close.</summary>
    public float Nearest
    {
        get
        {
            float nearest = float.PositiveInfinity;
            foreach (float range in Ranges)
            {
                nearest = range < nearest ? range : nearest;
            }

            return float.IsPositiveInfinity(nearest) ? float.NaN : nearest;
        }
    }

    internal Span<float> Begin(ViewGeometry view, ObstacleOptions options)
    {
        _count = view.BinCount;
        if (_ranges.Length < _count)
        {
            _ranges = new float[_count];
        }

        (AngleMin, AngleIncrement) = (view.AngleMin, view.AngleIncrement);
        (RangeMinM, RangeMaxM) = ((float)options.MinRangeM, view.RangeMaxM);
        (KnowsFloor, CameraHeightM, InOptical) = (!float.IsNaN(view.Level.HeightM), view.Level.HeightM, view.Level.InOptical);
        return _ranges.AsSpan(0, _count);
    }
}
