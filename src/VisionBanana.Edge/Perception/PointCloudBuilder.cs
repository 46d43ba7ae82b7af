using System.Runtime.CompilerServices;
using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Geometry;
using VisionBanana.Edge.Imaging;

namespace VisionBanana.Edge.Perception;

/// <summary>
/// Turns the depth of a <see cref="PerceptionFrame"/> into its organised cloud: x = z · (u − cx)/fx, y = z · (v − cy)/fy in the optical frame,
/// or along the undistorted ray of each pixel where the lens bends rays, with colour, confidence and class. The slopes are worked out once per camera; nothing
/// is allocated after that. Not thread-safe: one per pipeline.
/// </summary>
public sealed class PointCloudBuilder
{
    private readonly PointLimits _limits;
    private CameraIntrinsics? _camera;
    private RayTable? _rays;
    private float[] _slopeX = [];
    private float[] _slopeY = [];

    /// <summary>Prepares a builder.</summary>
    /// <exception cref="ConfigurationException">The options contradict themselves; all problems are told at once.</exception>
    public PointCloudBuilder(CloudOptions? options = null)
    {
        Options = options ?? CloudOptions.Default;
        string[] problems = [.. Options.Problems()];
        if (problems.Length > 0)
        {
            throw new ConfigurationException(string.Join(Environment.NewLine, problems));
        }

        // Zero is no measurement and infinity no place: both ends become numbers that one comparison each can test.
        _limits = new PointLimits(Options.MinConfidence, Math.Max(Options.MinDepthM, float.Epsilon), Math.Min(Options.MaxDepthM, float.MaxValue));
    }

    /// <summary>What becomes a point.</summary>
    public CloudOptions Options { get; }

    /// <summary>
    /// Fills <see cref="PerceptionFrame.Points"/> from the frame's depth, confidence, colour and, where it has them, labels.
    /// Returns false, and adds no points, when the frame holds no depth.
    /// </summary>
    /// <exception cref="ConfigurationException">The frame has no intrinsics, or they belong to pictures of another size.</exception>
    public bool Build(PerceptionFrame frame)
    {
        ArgumentNullException.ThrowIfNull(frame);
        if (frame.Find(PerceptKind.Depth) is not { } depth)
        {
            return false;
        }

        Use(frame.Intrinsics, frame.Width, frame.Height);
        Span<ushort> labels = frame.Find(PerceptKind.Labels) is { } percept ? percept.Labels : [];
        Span<CloudPoint> points = frame.AddPoints();
        Span<Rgb24> colour = frame.Color;
        Span<float> z = depth.Depth, confidence = depth.Confidence;
        for (int y = 0; y < frame.Height; y++)
        {
            int start = y * frame.Width;
            var row = new PointRow(
                ref z[start], ref confidence[start], ref colour[start], ref labels.IsEmpty ? ref Unsafe.NullRef<ushort>() : ref labels[start],
                ref _slopeX[0], _slopeY[y], ref points[start]);

            // Behind the last row there are no colours to read ahead.
            for (int x = PointLanes.Write(
                row, _limits, y == frame.Height - 1 ? Math.Max(frame.Width - PointLanes.ColoursReadAhead, 0) : frame.Width); x < frame.Width; x++)
            {
                int i = start + x;
                float at = _limits.Hold(z[i], confidence[i]) ? z[i] : float.NaN;
                Rgb24 c = colour[i];
                points[i] = new CloudPoint
                {
                    X = at * _slopeX[x],
                    Y = at * _slopeY[y],
                    Z = at,
                    Rgb = (uint)((c.R << 16) | (c.G << 8) | c.B),
                    Confidence = confidence[i],
                    Label = labels.IsEmpty ? LabelPlane.Unknown : labels[i],
                };
            }
        }

        if (_rays is not null)
        {
            Bend(points, _rays);
        }

        return true;
    }

    private void Use(CameraIntrinsics? camera, int width, int height)
    {
        if (camera is null)
        {
            throw new ConfigurationException(
                "A cloud needs the camera's intrinsics and this picture has none: give a calibration file, or a field of view with --hfov.");
        }

        if (ReferenceEquals(camera, _camera))
        {
            return;
        }

        if (camera.Width != width || camera.Height != height)
        {
            throw new ConfigurationException(
                $"A cloud of {width}×{height} needs a camera of that size; '{camera.Name}' is {camera.Width}×{camera.Height}. " +
                "Resize the intrinsics together with the picture.");
        }

        if (_slopeX.Length != width || _slopeY.Length != height)
        {
            _slopeX = new float[width];
            _slopeY = new float[height];
        }

        for (int x = 0; x < width; x++)
        {
            _slopeX[x] = (float)((x - camera.Cx) / camera.Fx);
        }

        for (int y = 0; y < height; y++)
        {
            _slopeY[y] = (float)((y - camera.Cy) / camera.Fy);
        }

        _rays = camera.IsPinhole ? null : RayTable.Create(camera);
        _camera = camera;
    }

    /// <summary>A lens that bends rays has a slope per pixel, not per column and row.</summary>
    private static void Bend(Span<CloudPoint> points, RayTable rays)
    {
        ReadOnlySpan<float> slopeX = rays.SlopeX, slopeY = rays.SlopeY;
        for (int i = 0; i < points.Length; i++)
        {
            // A pixel without a ray has NaN slopes, and then no point at all.
            ref CloudPoint point = ref points[i];
            point.X = point.Z * slopeX[i];
            point.Y = point.Z * slopeY[i];
            point.Z = float.IsNaN(point.X) ? float.NaN : point.Z;
        }
    }
}
