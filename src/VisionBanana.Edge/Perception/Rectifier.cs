using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Imaging;

namespace VisionBanana.Edge.Perception;

/// <summary>
/// Turns camera pictures into what the painter sees: undistorts, crops or zooms to its field of view and resizes to its
/// input, in one pass over a table made once. A target pixel averages the whole area it covers in the source, so shrinking
/// does not alias. Applying it allocates nothing; one instance may be used by one thread at a time.
/// </summary>
public sealed class Rectifier
{
    private readonly RemapTable _table;
    private readonly CameraView? _view;
    private SupportPlane? _support, _turned;

    private Rectifier(RemapTable table, CameraIntrinsics? source, CameraIntrinsics? target, CameraView? view = null)
    {
        _table = table;
        _view = view is { LooksAhead: false } ? view : null;
        Source = source;
        Target = target;
    }

    /// <summary>The camera of the pictures that come in; null = not calibrated.</summary>
    public CameraIntrinsics? Source { get; }

    /// <summary>The pinhole of the pictures that go out; null = not calibrated.</summary>
    public CameraIntrinsics? Target { get; }

    /// <summary>Makes the table for a calibrated camera.</summary>
    /// <param name="source">The camera, with its distortion, at the size of its pictures.</param>
    /// <param name="target">The painted pinhole; see <see cref="PaintedCamera"/>.</param>
    /// <param name="format">Channel order of the source pictures.</param>
    /// <param name="view">Where the painted pinhole looks; null = along the source's optical axis.</param>
    /// <exception cref="ArgumentException">The target is no pinhole, or the source's coefficients do not fit its model.</exception>
    public static Rectifier Create(CameraIntrinsics source, CameraIntrinsics target, PixelFormat format, CameraView? view = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(target);
        if (!target.IsPinhole)
        {
            throw new ArgumentException($"The target of a rectification is a pinhole; {target.Name} has {target.DistortionModel} distortion.", nameof(target));
        }

        UnitQuaternion turn = view?.Turn ?? UnitQuaternion.Identity;
        bool looksAhead = view?.LooksAhead ?? true;
        var table = RemapTable.Build(source.Width, source.Height, target.Width, target.Height, format, (x, y) =>
        {
            (double slopeX, double slopeY) = target.Unproject(x, y);
            if (looksAhead)
            {
                return source.Project(slopeX, slopeY);
            }

            // What lies behind the real camera has no pixel.
            (double rayX, double rayY, double rayZ) = turn.Rotate(slopeX, slopeY, 1);
            return rayZ > 1e-3 ? source.Project(rayX / rayZ, rayY / rayZ) : (double.NaN, double.NaN);
        });
        return new Rectifier(table, source, target, view);
    }

    /// <summary>
    /// Makes the table for a camera nobody calibrated: the whole picture, resized with its aspect ratio kept and centred;
    /// the bars have no source. Such frames have no intrinsics: labels, but no metres and no cloud.
    /// </summary>
    public static Rectifier ForUncalibrated(int sourceWidth, int sourceHeight, int targetWidth, int targetHeight, PixelFormat format,
        PictureFit fit = PictureFit.Letterbox)
    {
        Letterbox box = new(sourceWidth, sourceHeight, targetWidth, targetHeight, fit);
        return new Rectifier(RemapTable.Build(sourceWidth, sourceHeight, targetWidth, targetHeight, format, box.ToSource), null, null);
    }

    /// <summary>
    /// Fills <see cref="PerceptionFrame.Color"/> (RGB, black without source) and <see cref="PerceptionFrame.HasSource"/>, and
    /// hands on capture time, sequence number, frame id and support plane; <see cref="PerceptionFrame.Intrinsics"/> becomes <see cref="Target"/>.
    /// </summary>
    /// <exception cref="ArgumentException">A size or the channel order is not the one this table was made for.</exception>
    public void Apply(CameraFrame source, PerceptionFrame target)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(target);
        if (source.Width != _table.SourceWidth || source.Height != _table.SourceHeight || source.Format != _table.Format)
        {
            throw new ArgumentException(
                $"This rectifier is for {_table.Format} pictures of {_table.SourceWidth}×{_table.SourceHeight}, "
                + $"the picture is {source.Format} of {source.Width}×{source.Height}.",
                nameof(source));
        }

        if (target.Width != _table.TargetWidth || target.Height != _table.TargetHeight)
        {
            throw new ArgumentException(
                $"This rectifier fills frames of {_table.TargetWidth}×{_table.TargetHeight}, the frame is {target.Width}×{target.Height}.", nameof(target));
        }

        _table.Apply(source.Pixels, target.ColorBytes);
        _table.HasSource.CopyTo(target.HasSource);
        target.Intrinsics = Target;
        target.Support = SupportOf(source);
        target.CapturedAt = source.CapturedAt;
        target.SequenceNumber = source.SequenceNumber;
        target.FrameId = source.FrameId;
    }

    /// <summary>The support plane in the painted frame; the same object while the source gives the same.</summary>
    private SupportPlane? SupportOf(CameraFrame source)
    {
        if (_view is null || source.Support is null)
        {
            return source.Support;
        }

        if (!ReferenceEquals(source.Support, _support))
        {
            (_support, _turned) = (source.Support, _view.Of(source.Support));
        }

        return _turned;
    }
}
