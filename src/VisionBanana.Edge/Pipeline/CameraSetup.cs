using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Diagnostics;
using VisionBanana.Edge.Geometry;
using VisionBanana.Edge.Imaging;

namespace VisionBanana.Edge.Pipeline;

/// <summary>Tables and buffers that depend on size, format and calibration of the camera's pictures.</summary>
internal sealed class CameraSetup
{
    private readonly int _width, _height;
    private readonly PixelFormat _format;
    private readonly CameraIntrinsics? _intrinsics;
    private readonly PerceptResampler? _resampler;
    private readonly LeasePool<PerceptionFrame>? _resampled;
    private readonly PointCloudBuilder? _cloud;

    public CameraSetup(CameraFrame picture, PainterDescription painter, PerceiveOptions options)
    {
        (_width, _height, _format, _intrinsics) = (picture.Width, picture.Height, picture.Format, picture.Intrinsics);
        CameraIntrinsics? painted = PaintedCamera.For(_intrinsics, painter.Width, painter.Height, painter.HorizontalFovDegrees);
        Rectifier = _intrinsics is null || painted is null
            ? Rectifier.ForUncalibrated(_width, _height, painter.Width, painter.Height, _format)
            : Rectifier.Create(_intrinsics, painted, _format);
        if (options.Size == OutputSize.Source)
        {
            _resampler = _intrinsics is null || painted is null
                ? PerceptResampler.ForUncalibrated(_width, _height, painter.Width, painter.Height)
                : PerceptResampler.Create(_intrinsics, painted);
            _resampled = PerceptionFrame.CreatePool(options.PoolCapacity, _width, _height);
        }

        CameraIntrinsics? output = options.Size == OutputSize.Source ? _intrinsics : painted;
        _cloud = options.Cloud is { } cloud && output is not null ? new PointCloudBuilder(cloud) : null;
    }

    public Rectifier Rectifier { get; }

    public bool Fits(CameraFrame picture) =>
        picture.Width == _width && picture.Height == _height && picture.Format == _format && ReferenceEquals(picture.Intrinsics, _intrinsics);

    /// <summary>Resamples and lifts to 3D what was asked; on false the frame was given back because there was no room.</summary>
    public bool TryFinish(CameraFrame picture, ref PerceptionFrame frame, StageLatencies latencies, TimeProvider clock)
    {
        long start = CaptureTime.MonotonicNow(clock);
        if (_resampler is not null)
        {
            using PerceptionFrame painted = frame;
            if (!_resampled!.TryRent(out PerceptionFrame? resampled))
            {
                return false;
            }

            _resampler.Apply(painted, picture, resampled);
            frame = resampled;
            start = latencies.Lap("resample", start, clock);
        }

        if (_cloud is not null && frame.Find(PerceptKind.Depth) is not null)
        {
            _cloud.Build(frame);
            latencies.Lap("cloud", start, clock);
        }

        return true;
    }
}
