using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Imaging;

namespace VisionBanana.Edge.Perception;

/// <summary>
/// A picture from a camera, with the time it was taken and the intrinsics that belong to exactly these pixels.
/// Ownership: see <see cref="Lease"/>.
/// </summary>
public sealed class CameraFrame : Lease
{
    /// <summary>No source has larger pictures: 134 million pixels, room for every camera of today.</summary>
    public const long MostPixels = 1 << 27;

    private readonly LeasePool<CameraFrame> _pool;
    private readonly byte[] _pixels;

    internal CameraFrame(LeasePool<CameraFrame> pool, int width, int height, PixelFormat format)
    {
        _pool = pool;
        Width = width;
        Height = height;
        Format = format;
        _pixels = GC.AllocateUninitializedArray<byte>(width * height * 3, pinned: true);
    }

    /// <summary>Pixels per row.</summary>
    public int Width { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>Order of the channels.</summary>
    public PixelFormat Format { get; }

    /// <summary>Height × Width × 3 bytes, no row padding. The memory is pinned.</summary>
    public Span<byte> Pixels
    {
        get
        {
            Use();
            return _pixels;
        }
    }

    /// <summary>When the picture was taken.</summary>
    public CaptureTime CapturedAt { get; set; }

    /// <summary>Counts captured pictures of the source from 0, without gaps: a gap downstream is a drop.</summary>
    public long SequenceNumber { get; set; }

    /// <summary>The coordinate frame of the camera's optical centre (REP-103: x right, y down, z forward).</summary>
    public string FrameId { get; set; } = "";

    /// <summary>The calibration of these pixels; null = unknown, no metric claim.</summary>
    public CameraIntrinsics? Intrinsics { get; set; }

    /// <summary>
    /// What is known of the camera's place when this picture was taken, e.g. from an IMU; null = nothing but what the pipeline knows of its mount.
    /// </summary>
    public SupportPlane? Support { get; set; }

    /// <summary>A pool of pictures of one size and format.</summary>
    public static LeasePool<CameraFrame> CreatePool(int capacity, int width, int height, PixelFormat format) =>
        new(capacity, pool => new CameraFrame(pool, width, height, format));

    /// <inheritdoc/>
    protected override void OnReturned()
    {
        Intrinsics = null;
        Support = null;
        _pool.Return(this);
    }
}
