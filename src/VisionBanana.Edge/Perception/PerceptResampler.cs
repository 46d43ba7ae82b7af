using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Imaging;

namespace VisionBanana.Edge.Perception;

/// <summary>
/// Brings percepts from the painted camera back to the pixels of the source picture (<c>output.size: source</c>), with a map made once.
/// Every plane takes its nearest painted pixel: depths, classes and paintings are never mixed. Both cameras share the optical
/// axis, so depth along z and normals keep their values. Applying it allocates nothing once the frame has its planes.
/// </summary>
public sealed class PerceptResampler
{
    /// <summary>Larger sources are thinned to no more pixels than this: 16.8 million.</summary>
    public const int MostPixels = 1 << 24;

    private readonly int[] _nearest;
    private readonly int _paintedWidth, _paintedHeight, _pictureWidth, _pictureHeight;

    private PerceptResampler(
        (int Width, int Height) picture, int stride, int paintedWidth, int paintedHeight, CameraIntrinsics? source, RayTable? rays, int[] nearest)
    {
        (_pictureWidth, _pictureHeight) = picture;
        Stride = stride;
        Width = Thinned(picture.Width, stride);
        Height = Thinned(picture.Height, stride);
        _paintedWidth = paintedWidth;
        _paintedHeight = paintedHeight;
        Source = source;
        Rays = rays;
        _nearest = nearest;
    }

    /// <summary>Every how many rows and columns of the source there are percepts; 1 up to <see cref="MostPixels"/>.</summary>
    public int Stride { get; }

    /// <summary>Pixels per row of the result: of the source, thinned.</summary>
    public int Width { get; }

    /// <summary>Rows of the result.</summary>
    public int Height { get; }

    /// <summary>The camera the percepts end up in: that of the source, with its distortion, thinned. Null = not calibrated.</summary>
    public CameraIntrinsics? Source { get; }

    /// <summary>The ray of every source pixel, for clouds: points of a distorted picture do not lie on a pinhole's rays. Null = not calibrated.</summary>
    public RayTable? Rays { get; }

    /// <summary>Makes the map for a calibrated camera and the pinhole that was painted.</summary>
    /// <exception cref="ArgumentException">The target is no pinhole, or the source's coefficients do not fit its model.</exception>
    public static PerceptResampler Create(CameraIntrinsics source, CameraIntrinsics target)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(target);
        if (!target.IsPinhole)
        {
            throw new ArgumentException($"The painted camera is a pinhole; {target.Name} has {target.DistortionModel} distortion.", nameof(target));
        }

        int stride = StrideOf(source.Width, source.Height);
        CameraIntrinsics thinned = stride == 1 ? source : source with
        {
            Width = Thinned(source.Width, stride),
            Height = Thinned(source.Height, stride),
            Fx = source.Fx / stride,
            Fy = source.Fy / stride,
            Cx = source.Cx / stride,
            Cy = source.Cy / stride,
            Skew = source.Skew / stride,
            SkewY = source.SkewY / stride,
        };
        RayTable rays = RayTable.Create(thinned);
        int[] nearest = Map(thinned.Width, thinned.Height, target.Width, target.Height, (x, y) =>
        {
            int i = (y * thinned.Width) + x;
            return target.Project(rays.SlopeX[i], rays.SlopeY[i]);
        });
        return new PerceptResampler((source.Width, source.Height), stride, target.Width, target.Height, thinned, rays, nearest);
    }

    /// <summary>Makes the map for a picture that was letterboxed (<see cref="Rectifier.ForUncalibrated"/>).</summary>
    public static PerceptResampler ForUncalibrated(int sourceWidth, int sourceHeight, int targetWidth, int targetHeight, PictureFit fit = PictureFit.Letterbox)
    {
        Letterbox box = new(sourceWidth, sourceHeight, targetWidth, targetHeight, fit);
        int stride = StrideOf(sourceWidth, sourceHeight);
        int[] nearest = Map(
            Thinned(sourceWidth, stride), Thinned(sourceHeight, stride), targetWidth, targetHeight, (x, y) => box.ToTarget(x * stride, y * stride));
        return new PerceptResampler((sourceWidth, sourceHeight), stride, targetWidth, targetHeight, null, null, nearest);
    }

    /// <summary>
    /// Fills a frame of this size: the source picture as colour, and every percept of the painted frame. Pixels outside
    /// the painted view are invalid there: no source, NaN depth and normals, unknown label, confidence 0, black painting.
    /// </summary>
    /// <param name="painted">What was painted and decoded.</param>
    /// <param name="picture">The camera picture it was painted from.</param>
    /// <param name="output">A frame of this size without percepts.</param>
    /// <exception cref="ArgumentException">A size is not the one this map was made for.</exception>
    public void Apply(PerceptionFrame painted, CameraFrame picture, PerceptionFrame output)
    {
        ArgumentNullException.ThrowIfNull(painted);
        ArgumentNullException.ThrowIfNull(picture);
        ArgumentNullException.ThrowIfNull(output);
        Check(painted.Width, painted.Height, _paintedWidth, _paintedHeight, "painted frame", nameof(painted));
        Check(picture.Width, picture.Height, _pictureWidth, _pictureHeight, "picture", nameof(picture));
        Check(output.Width, output.Height, Width, Height, "output", nameof(output));

        ToRgb(picture, output.ColorBytes);
        Span<bool> hasSource = output.HasSource;
        ReadOnlySpan<bool> paintedHasSource = painted.HasSource;
        for (int i = 0; i < hasSource.Length; i++)
        {
            int from = _nearest[i];
            hasSource[i] = from >= 0 && paintedHasSource[from];
        }

        foreach (PerceptKind kind in Kinds)
        {
            if (painted.Find(kind) is { } percept)
            {
                Resample(percept, output.Add(percept.Instruction));
            }
        }

        output.Intrinsics = Source;
        output.Support = painted.Support;
        output.Mount = painted.Mount;
        output.Scale = painted.Scale;
        output.CapturedAt = painted.CapturedAt;
        output.SequenceNumber = painted.SequenceNumber;
        output.FrameId = painted.FrameId;
    }

    /// <summary>The smallest stride with which a picture has at most <see cref="MostPixels"/>.</summary>
    internal static int StrideOf(int width, int height)
    {
        int stride = 1;
        while ((long)Thinned(width, stride) * Thinned(height, stride) > MostPixels)
        {
            stride++;
        }

        return stride;
    }

    /// <summary>How many of so many rows or columns are left.</summary>
    internal static int Thinned(int length, int stride) => (length + stride - 1) / stride;

    private void ToRgb(CameraFrame picture, Span<byte> rgb)
    {
        if (Stride == 1)
        {
            ChannelOrder.ToRgb(picture.Pixels, picture.Format, rgb);
            return;
        }

        int first = picture.Format == PixelFormat.Rgb8 ? 0 : 2;
        ReadOnlySpan<byte> pixels = picture.Pixels;
        for (int y = 0, i = 0; y < Height; y++)
        {
            ReadOnlySpan<byte> row = pixels[(y * Stride * _pictureWidth * 3)..];
            for (int x = 0; x < Width; x++, i += 3)
            {
                ReadOnlySpan<byte> pixel = row.Slice(x * Stride * 3, 3);
                (rgb[i], rgb[i + 1], rgb[i + 2]) = (pixel[first], pixel[1], pixel[2 - first]);
            }
        }
    }

    private static readonly PerceptKind[] Kinds = Enum.GetValues<PerceptKind>();

    private static int[] Map(int width, int height, int targetWidth, int targetHeight, Func<int, int, (double X, double Y)> toTarget)
    {
        int[] nearest = new int[width * height];
        for (int y = 0, i = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++, i++)
            {
                (double tx, double ty) = toTarget(x, y);
                double column = Math.Floor(tx + 0.5), row = Math.Floor(ty + 0.5);
                nearest[i] = column >= 0 && column < targetWidth && row >= 0 && row < targetHeight ? ((int)row * targetWidth) + (int)column : -1;
            }
        }

        return nearest;
    }

    private static void Check(int width, int height, int expectedWidth, int expectedHeight, string what, string parameter)
    {
        if (width != expectedWidth || height != expectedHeight)
        {
            throw new ArgumentException($"This resampler expects a {what} of {expectedWidth}×{expectedHeight}, found {width}×{height}.", parameter);
        }
    }

    private void Resample(Percept from, Percept to)
    {
        to.PainterGaveConfidence = from.PainterGaveConfidence;
        to.PainterGaveValues = from.PainterGaveValues;
        Gather<Rgb24>(from.Painting, to.Painting, default);
        Gather(from.Confidence, to.Confidence, 0f);
        Gather(from.Depth, to.Depth, float.NaN);
        Gather(from.Labels, to.Labels, LabelPlane.Unknown);
        Span<float> source = from.Normals, target = to.Normals;
        for (int i = 0; i < target.Length / 3; i++)
        {
            int at = _nearest[i] * 3;
            if (at >= 0)
            {
                source.Slice(at, 3).CopyTo(target.Slice(i * 3, 3));
            }
            else
            {
                target.Slice(i * 3, 3).Fill(float.NaN);
            }
        }
    }

    private void Gather<T>(ReadOnlySpan<T> from, Span<T> to, T invalid)
    {
        for (int i = 0; i < to.Length; i++)
        {
            int at = _nearest[i];
            to[i] = at >= 0 ? from[at] : invalid;
        }
    }
}
