using System.Numerics;
using VisionBanana.Edge.Geometry;
using VisionBanana.Edge.Instructions;

namespace VisionBanana.Edge.Scale;

/// <summary>
/// The support plane: the floor, or the table, as it is painted, against the height of the camera above it that the mount tells. Needs gravity and
/// height (<see cref="Calibration.SupportPlane"/>); where labels are asked only pixels of its classes are looked at, else level surfaces below the
/// horizon, of which the lowest large one counts.
/// </summary>
public sealed class PlaneAnchor : ScaleAnchor
{
    private const int MaxPoints = 1200, MinPoints = 60;
    private const double LocalStd = 0.05, LeastBelowHorizon = 0.04;
    private const float MaxTiltDegrees = 30;

    private readonly double _std;
    private readonly string[] _classes;
    private readonly Vector3[] _points = new Vector3[MaxPoints];
    private readonly float[] _heights = new float[MaxPoints];
    private readonly PlaneFit _fit = new() { ToleranceM = 0.01f, RelativeTolerance = 0.04f, MinShare = 0.25f };
    private LabelPalette? _palette;
    private ulong[] _isSupport = [];

    /// <summary>Creates it.</summary>
    /// <param name="std">The standard deviation of the height as a share of it.</param>
    /// <param name="classes">Names of the classes of the plane, where labels are asked; null = floor.</param>
    /// <param name="name">Name in reports.</param>
    /// <exception cref="ConfigurationException">The standard deviation is out of its range.</exception>
    public PlaneAnchor(double std = 0.03, IEnumerable<string>? classes = null, string name = "plane")
        : base(name) => (_std, _classes) = (AnchorStd.Checked(std), [.. classes ?? ["floor"]]);

    internal override AnchorMeasure Measure(in ScaleView view)
    {
        if (view.Support is not { HeightM: { } height } support)
        {
            return AnchorMeasure.Refused(AnchorRefusal.NoReading);
        }

        int count = Collect(view, support);
        var up = new Vector3((float)support.UpX, (float)support.UpY, (float)support.UpZ);
        if (count < MinPoints || _fit.Find(_points.AsSpan(0, count), up, MaxTiltDegrees) is not { } plane)
        {
            return AnchorMeasure.Refused(AnchorRefusal.NotSeen);
        }

        int held = 0;
        for (int i = 0; i < count; i++)
        {
            Vector3 p = _points[i];
            if (Math.Abs(Vector3.Dot(plane.Normal, p) + plane.Offset) <= _fit.ToleranceM + (_fit.RelativeTolerance * p.Length()))
            {
                _heights[held++] = MathF.Log(Math.Max(-Vector3.Dot(up, p), 1e-3f));
            }
        }

        Span<float> heights = _heights.AsSpan(0, held);
        double painted = Middle.Of(heights), spread = Middle.Spread(heights);
        return new AnchorMeasure(Math.Log(height) - painted, 0.01, Math.Sqrt((_std * _std) + (LocalStd * LocalStd) + (spread * spread / 4)));
    }

    /// <summary>Points that may lie on the plane, evenly spread over the picture.</summary>
    private int Collect(in ScaleView view, Calibration.SupportPlane support)
    {
        bool hasLabels = !view.Labels.IsEmpty && Use(view.Classes);
        int step = Math.Max((int)Math.Ceiling(Math.Sqrt(view.Width * view.Height / (double)MaxPoints)), 1), count = 0;
        for (int y = step; y < view.Height - step && count < MaxPoints; y += step)
        {
            float slopeY = (float)view.SlopeY(y);
            for (int x = step; x < view.Width - step && count < MaxPoints; x += step)
            {
                int i = (y * view.Width) + x;
                float z = view.Depth[i], slopeX = (float)view.SlopeX(x);
                double below = -((support.UpX * slopeX) + (support.UpY * slopeY) + support.UpZ);
                if (!(z > 0 && float.IsFinite(z)) || below < LeastBelowHorizon)
                {
                    continue;
                }

                if (hasLabels ? IsSupport(view.Labels[i]) : IsLevel(view, x, y, step, support))
                {
                    _points[count++] = new Vector3(slopeX * z, slopeY * z, z);
                }
            }
        }

        return count;
    }

    /// <summary>True where the surface through a pixel and its neighbours lies level, within what painters get wrong.</summary>
    private static bool IsLevel(in ScaleView view, int x, int y, int step, Calibration.SupportPlane support)
    {
        const double minCosine = 0.75;
        Vector3 left = At(view, x - step, y), right = At(view, x + step, y), above = At(view, x, y - step), under = At(view, x, y + step);
        var normal = Vector3.Cross(right - left, under - above);
        double length = normal.Length();
        double along = ((normal.X * support.UpX) + (normal.Y * support.UpY) + (normal.Z * support.UpZ)) / length;
        return length > 1e-9 && Math.Abs(along) >= minCosine;
    }

    private static Vector3 At(in ScaleView view, int x, int y)
    {
        float z = view.Depth[(y * view.Width) + x];
        return new Vector3((float)view.SlopeX(x) * z, (float)view.SlopeY(y) * z, z);
    }

    private bool IsSupport(ushort label) => label >> 6 < _isSupport.Length && (_isSupport[label >> 6] & (1UL << (label & 63))) != 0;

    /// <summary>False when the palette knows none of the classes: then labels tell nothing.</summary>
    private bool Use(LabelPalette? palette)
    {
        if (!ReferenceEquals(palette, _palette))
        {
            _palette = palette;
            int[] ids = palette is null ? [] : [.. palette.Where(c => _classes.Contains(c.Name, StringComparer.OrdinalIgnoreCase)).Select(c => c.Id)];
            _isSupport = ids.Length == 0 ? [] : new ulong[(ids.Max() >> 6) + 1];
            foreach (int id in ids)
            {
                _isSupport[id >> 6] |= 1UL << (id & 63);
            }
        }

        return _isSupport.Length > 0;
    }
}
