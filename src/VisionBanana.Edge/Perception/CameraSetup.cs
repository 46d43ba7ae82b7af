using System.Diagnostics.CodeAnalysis;
using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Imaging;

namespace VisionBanana.Edge.Perception;

/// <summary>Tables and buffers that depend on size, format and calibration of the camera's pictures.</summary>
internal sealed class CameraSetup
{
    private readonly int _width, _height;
    private readonly PixelFormat _format;
    private readonly CameraIntrinsics? _intrinsics;
    private readonly LeasePool<PerceptionFrame>? _resampled;

    public CameraSetup(CameraFrame picture, PainterDescription painter, PerceiveOptions options)
    {
        (_width, _height, _format, _intrinsics) = (picture.Width, picture.Height, picture.Format, picture.Intrinsics);
        CameraIntrinsics? painted = PaintedCamera.For(
            _intrinsics, painter.Width, painter.Height, options.View?.HorizontalFovDegrees ?? painter.HorizontalFovDegrees, painter.Fit);
        Rectifier = _intrinsics is null || painted is null
            ? Rectifier.ForUncalibrated(_width, _height, painter.Width, painter.Height, _format, painter.Fit)
            : Rectifier.Create(_intrinsics, painted, _format, options.View);
        if (options.Size == OutputSize.Source)
        {
            Resampler = _intrinsics is null || painted is null
                ? PerceptResampler.ForUncalibrated(_width, _height, painter.Width, painter.Height, painter.Fit)
                : PerceptResampler.Create(_intrinsics, painted);
            _resampled = PerceptionFrame.CreatePool(options.PoolCapacity, Resampler.Width, Resampler.Height);
        }

        CameraIntrinsics? output = options.Size == OutputSize.Source ? Resampler!.Source : painted;
        Cloud = options.Cloud is { } cloud && output is not null ? new PointCloudBuilder(cloud) : null;
    }

    public Rectifier Rectifier { get; }

    public bool Fits(CameraFrame picture) =>
        picture.Width == _width && picture.Height == _height && picture.Format == _format && ReferenceEquals(picture.Intrinsics, _intrinsics);

    /// <summary>True when the camera's picture is needed after it was rectified.</summary>
    public bool ReadsSourceAgain => Resampler is not null;

    /// <summary>Brings percepts into the source picture; null = they stay in the one that was painted.</summary>
    public PerceptResampler? Resampler { get; }

    /// <summary>Lifts depth to 3D; null = no cloud is asked, or the camera is not calibrated.</summary>
    public PointCloudBuilder? Cloud { get; }

    /// <summary>A frame of the source's size for resampled percepts.</summary>
    public bool TryRent([NotNullWhen(true)] out PerceptionFrame? resampled)
    {
        resampled = null;
        return _resampled?.TryRent(out resampled) ?? false;
    }
}
