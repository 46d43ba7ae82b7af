using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Diagnostics;
using VisionBanana.Edge.Imaging;

namespace VisionBanana.Edge.Perception;

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
        CameraIntrinsics? painted = PaintedCamera.For(_intrinsics, painter.Width, painter.Height, painter.HorizontalFovDegrees, painter.Fit);
        Rectifier = _intrinsics is null || painted is null
            ? Rectifier.ForUncalibrated(_width, _height, painter.Width, painter.Height, _format, painter.Fit)
            : Rectifier.Create(_intrinsics, painted, _format);
        if (options.Size == OutputSize.Source)
        {
            _resampler = _intrinsics is null || painted is null
                ? PerceptResampler.ForUncalibrated(_width, _height, painter.Width, painter.Height, painter.Fit)
                : PerceptResampler.Create(_intrinsics, painted);
            _resampled = PerceptionFrame.CreatePool(options.PoolCapacity, _width, _height);
        }

        CameraIntrinsics? output = options.Size == OutputSize.Source ? _intrinsics : painted;
        _cloud = options.Cloud is { } cloud && output is not null ? new PointCloudBuilder(cloud) : null;
    }

    public Rectifier Rectifier { get; }

    public bool Fits(CameraFrame picture) =>
        picture.Width == _width && picture.Height == _height && picture.Format == _format && ReferenceEquals(picture.Intrinsics, _intrinsics);

    /// <summary>True when the camera's picture is needed after it was rectified.</summary>
    public bool ReadsSourceAgain => _resampler is not null;

    /// <summary>Resamples and lifts to 3D what was asked and takes the result out of the picture in work.</summary>
    /// <returns>Null, or why there is no result.</returns>
    public DropReason? Finish(PictureInWork work, out PerceptionFrame? result, StageLatencies latencies, TimeProvider clock)
    {
        result = null;
        PerceptionFrame frame = work.Frame!;
        PerceptionFrame? resampled = null;
        if (_resampler is not null && !_resampled!.TryRent(out resampled))
        {
            return DropReason.PoolExhausted;
        }

        try
        {
            long start = CaptureTime.MonotonicNow(clock);
            if (resampled is not null)
            {
                _resampler!.Apply(frame, work.Source!, resampled);
                frame = resampled;
                start = latencies.Lap("resample", start, clock);
            }

            if (_cloud is not null && frame.Find(PerceptKind.Depth) is not null)
            {
                _cloud.Build(frame);
                latencies.Lap("cloud", start, clock);
            }
        }
        catch
        {
            resampled?.Dispose();
            throw;
        }

        result = resampled ?? work.Take();
        return null;
    }
}
