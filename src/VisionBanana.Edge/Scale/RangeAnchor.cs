using VisionBanana.Edge.Calibration;

namespace VisionBanana.Edge.Scale;

/// <summary>A beam with direction and distance: time of flight, ultrasound, an altimeter that the camera sees the ground of.</summary>
public sealed class RangeAnchor : ScaleAnchor
{
    private const int MaxRadius = 24;

    private readonly RangeFeed _feed;
    private readonly BeamOptions _beam;
    private readonly double _x, _y, _z;
    private readonly float[] _values = new float[((2 * MaxRadius) + 1) * ((2 * MaxRadius) + 1)];

    /// <summary>Creates it.</summary>
    /// <param name="feed">Brings the readings.</param>
    /// <param name="beam">Where it points and how well it reads.</param>
    /// <param name="name">Name in reports.</param>
    /// <exception cref="ConfigurationException">The beam has no direction, or points behind the camera.</exception>
    public RangeAnchor(RangeFeed feed, BeamOptions? beam = null, string name = "range")
        : base(name)
    {
        ArgumentNullException.ThrowIfNull(feed);
        (_feed, _beam) = (feed, beam ?? new BeamOptions());
        (double x, double y, double z) = _beam.Direction;
        double length = Math.Sqrt((x * x) + (y * y) + (z * z));
        if (!(length > 1e-6 && double.IsFinite(length) && z > 0))
        {
            throw new ConfigurationException(FormattableString.Invariant(
                $"The beam '{name}' points ({x}, {y}, {z}): expected a direction in front of the camera (x right, y down, z forward, z above 0)."));
        }

        AnchorStd.Checked(_beam.Std);
        (_x, _y, _z) = (x / length, y / length, z / length);
    }

    internal override bool IsDirect => true;

    /// <inheritdoc/>
    public override string? WhyNot(CameraIntrinsics camera)
    {
        ArgumentNullException.ThrowIfNull(camera);
        (double u, double v) = camera.Project(_x / _z, _y / _z);
        return u >= 0 && u <= camera.Width - 1 && v >= 0 && v <= camera.Height - 1
            ? null
            : FormattableString.Invariant(
                $"the beam '{Name}' points at the pixel ({u:0}, {v:0}), outside the picture of {camera.Width}×{camera.Height} that is painted: ")
                + "check its direction (optical frame: x right, y down, z forward)";
    }

    internal override AnchorMeasure Measure(in ScaleView view)
    {
        AnchorRefusal refusal = _feed.TryFind(view.StampNs, _beam.MaxAge, out double metres);
        if (refusal != AnchorRefusal.None)
        {
            return AnchorMeasure.Refused(refusal);
        }

        double x = _beam.PositionM.X + (_x * metres), y = _beam.PositionM.Y + (_y * metres), z = _beam.PositionM.Z + (_z * metres);
        if (!(z > 0.01))
        {
            return AnchorMeasure.Refused(AnchorRefusal.OutsideView);
        }

        double u = (view.Camera.Fx * x / z) + view.Camera.Cx, v = (view.Camera.Fy * y / z) + view.Camera.Cy;
        if (!(u >= 0 && u <= view.Width - 1 && v >= 0 && v <= view.Height - 1))
        {
            return AnchorMeasure.Refused(AnchorRefusal.OutsideView);
        }

        double radius = Math.Tan(double.DegreesToRadians(_beam.FieldOfViewDegrees) / 2) * metres / z * view.Camera.Fx;
        Span<float> seen = Collect(view, u, v, Math.Clamp(radius, 1.5, MaxRadius), out int pixels, out double confidence);
        if (seen.Length * 2 < pixels)
        {
            return AnchorMeasure.Refused(AnchorRefusal.NotSeen);
        }

        float painted = Middle.Of(seen);
        painted = _beam.IsFirstReturn ? Middle.Quantile(seen, 0.1) : painted;
        double spread = Middle.Spread(seen), local = view.LocalStd(confidence);
        double reading = Math.Sqrt((_beam.Std * _beam.Std) + (_beam.StdM / metres * (_beam.StdM / metres)));
        return new AnchorMeasure(Math.Log(z) - painted, reading, Math.Sqrt((local * local) + (spread * spread)));
    }

    /// <summary>Logarithms of the depths in a disc of the picture.</summary>
    private Span<float> Collect(in ScaleView view, double u, double v, double radius, out int pixels, out double confidence)
    {
        int count = 0;
        pixels = 0;
        confidence = 0;
        int top = Math.Max((int)Math.Ceiling(v - radius), 0), bottom = Math.Min((int)(v + radius), view.Height - 1);
        int left = Math.Max((int)Math.Ceiling(u - radius), 0), right = Math.Min((int)(u + radius), view.Width - 1);
        for (int y = top; y <= bottom; y++)
        {
            for (int x = left; x <= right; x++)
            {
                double dx = x - u, dy = y - v;
                if ((dx * dx) + (dy * dy) > radius * radius)
                {
                    continue;
                }

                pixels++;
                float depth = view.Depth[(y * view.Width) + x];
                if (float.IsFinite(depth) && depth > 0)
                {
                    confidence += view.Confidence.IsEmpty ? 0 : view.Confidence[(y * view.Width) + x];
                    _values[count++] = MathF.Log(depth);
                }
            }
        }

        confidence /= Math.Max(count, 1);
        return _values.AsSpan(0, count);
    }
}
