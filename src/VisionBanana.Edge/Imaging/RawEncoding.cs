using System.Buffers.Binary;
using System.Collections.Frozen;

namespace VisionBanana.Edge.Imaging;

/// <summary>
/// A layout of uncompressed camera pixels, by the name that ROS gives it (sensor_msgs/image_encodings.hpp) or drivers use, and how it
/// becomes three channels of one byte. The one table of such layouts; all of it is checked against OpenCV.
/// </summary>
public sealed class RawEncoding
{
    private static readonly RawEncoding[] Table =
    [
        new("rgb8", new PackedPixels(3, 1, 0, 1, 2)),
        new("bgr8", new PackedPixels(3, 1, 2, 1, 0), isBgr: true),
        new("rgba8", new PackedPixels(4, 1, 0, 1, 2)),
        new("bgra8", new PackedPixels(4, 1, 2, 1, 0), isBgr: true),
        new("rgb16", new PackedPixels(3, 2, 0, 1, 2)),
        new("bgr16", new PackedPixels(3, 2, 2, 1, 0), isBgr: true),
        new("rgba16", new PackedPixels(4, 2, 0, 1, 2)),
        new("bgra16", new PackedPixels(4, 2, 2, 1, 0), isBgr: true),

        // OpenCV's types name no colours; its own order is blue, green, red.
        new("8UC3", new PackedPixels(3, 1, 2, 1, 0), isBgr: true),
        new("8UC4", new PackedPixels(4, 1, 2, 1, 0), isBgr: true),
        new("mono8", new PackedPixels(1, 1, 0, 0, 0), isColour: false),
        new("8UC1", new PackedPixels(1, 1, 0, 0, 0), isColour: false),
        new("mono16", new PackedPixels(1, 2, 0, 0, 0), isColour: false),
        new("yuv422", new Yuv422Pixels(y: 1, u: 0, v: 2), "uyvy"),
        new("yuv422_yuy2", new Yuv422Pixels(y: 0, u: 1, v: 3), "yuyv", "yuy2"),
        new("yvyu", new Yuv422Pixels(y: 0, u: 3, v: 1)),
        new("nv12", new Yuv420Pixels(Yuv420Order.InterleavedUv)),
        new("nv21", new Yuv420Pixels(Yuv420Order.InterleavedVu)),
        new("i420", new Yuv420Pixels(Yuv420Order.PlanarUv), "iyuv", "yuv420", "yuv420p"),
        new("yv12", new Yuv420Pixels(Yuv420Order.PlanarVu)),
        new("bayer_rggb8", new BayerPixels(1, redX: 0, redY: 0)),
        new("bayer_grbg8", new BayerPixels(1, redX: 1, redY: 0)),
        new("bayer_gbrg8", new BayerPixels(1, redX: 0, redY: 1)),
        new("bayer_bggr8", new BayerPixels(1, redX: 1, redY: 1)),
        new("bayer_rggb16", new BayerPixels(2, redX: 0, redY: 0)),
        new("bayer_grbg16", new BayerPixels(2, redX: 1, redY: 0)),
        new("bayer_gbrg16", new BayerPixels(2, redX: 0, redY: 1)),
        new("bayer_bggr16", new BayerPixels(2, redX: 1, redY: 1)),
    ];

    private static readonly FrozenDictionary<string, RawEncoding> ByName = Table
        .SelectMany(encoding => encoding.Names.Select(name => KeyValuePair.Create(name, encoding)))
        .ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    private readonly IRawPixels _pixels;

    private RawEncoding(string name, IRawPixels pixels, params string[] aliases)
        : this(name, pixels, isBgr: false, isColour: true, aliases)
    {
    }

    private RawEncoding(string name, IRawPixels pixels, bool isBgr = false, bool isColour = true, string[]? aliases = null)
    {
        _pixels = pixels;
        Names = [name, .. aliases ?? []];
        Format = isBgr ? PixelFormat.Bgr8 : PixelFormat.Rgb8;
        IsColour = isColour;
    }

    /// <summary>All that can be read.</summary>
    public static IReadOnlyList<RawEncoding> All => Table;

    /// <summary>The name in ROS.</summary>
    public string Name => Names[0];

    /// <summary>Every name it goes by, letters of either case.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The order of channels that costs the least.</summary>
    public PixelFormat Format { get; }

    /// <summary>False for one channel of brightness.</summary>
    public bool IsColour { get; }

    /// <summary>True for samples of two bytes.</summary>
    public bool HasWideSamples => Name.EndsWith("16", StringComparison.Ordinal);

    /// <summary>The encoding of a name, or null when it is none of pictures: depth (16UC1, 32FC1) is not.</summary>
    public static RawEncoding? Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return ByName.GetValueOrDefault(name);
    }

    /// <summary>The encoding of a name.</summary>
    /// <exception cref="MessageFormatException">It is none of pictures.</exception>
    public static RawEncoding Require(string name) =>
        Find(name) ?? throw new MessageFormatException($"Expected a picture in {string.Join(", ", Table.Select(encoding => encoding.Name))}; found '{name}'.");

    /// <summary>Bytes per row and of the whole of a picture whose rows follow each other without padding, as programs write it.</summary>
    /// <exception cref="MessageFormatException">There are no pictures of that size in this layout.</exception>
    internal (int Step, int Length) Packed(int width, int height)
    {
        (long step, long length) = _pixels.Packed(width, height);
        Check(width, height, step, length);
        return length <= Array.MaxLength
            ? ((int)step, (int)length)
            : throw new MessageFormatException($"A picture {Name} of {width}×{height} has {length} bytes: too many.");
    }

    /// <summary>Checks that data of a length are a picture of a size.</summary>
    /// <param name="width">Pixels per row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="step">Bytes per row; of the planes of luminance where there are several.</param>
    /// <param name="length">Bytes of the whole.</param>
    /// <exception cref="MessageFormatException">They are not.</exception>
    public void Check(long width, long height, long step, long length)
    {
        if (width is < 1 or > 65535 || height is < 1 or > 65535)
        {
            throw new MessageFormatException($"Expected a picture of 1 to 65535 pixels by side, found {width}×{height}.");
        }

        if (_pixels.WhyNot((int)width, (int)height, step, length) is { } why)
        {
            throw new MessageFormatException($"A picture {Name} of {width}×{height} with {step} bytes per row does not have {length} bytes: {why}.");
        }
    }

    /// <summary>
    /// Converts a picture. Two bytes per channel are scaled from 0…65535 to 0…255; YUV is BT.601 with luminance 16…235 (what cameras send
    /// and OpenCV computes); Bayer mosaics are interpolated linearly.
    /// </summary>
    /// <param name="data">Height rows of <paramref name="step"/> bytes, and the planes of colour behind them where there are such.</param>
    /// <param name="width">Pixels per row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="step">Bytes per row.</param>
    /// <param name="isBigEndian">Whether the high byte of two stands first.</param>
    /// <param name="format">The wanted order of channels.</param>
    /// <param name="pixels">Filled with Height × Width × 3 bytes, rows without padding.</param>
    /// <param name="scaler">Says what samples of two bytes become; null = 65535 becomes 255.</param>
    /// <exception cref="MessageFormatException">See <see cref="Check"/>.</exception>
    /// <exception cref="ArgumentException">The target has another size.</exception>
    public void Convert(ReadOnlySpan<byte> data, int width, int height, int step, bool isBigEndian, PixelFormat format, Span<byte> pixels,
        SampleScaler? scaler = null)
    {
        Check(width, height, step, data.Length);
        if (pixels.Length != (long)width * height * 3)
        {
            throw new ArgumentException(
                $"A picture of {width}×{height} takes {(long)width * height * 3} bytes, found room for {pixels.Length}.", nameof(pixels));
        }

        if (scaler is not null && HasWideSamples && scaler.Table.IsEmpty)
        {
            scaler.Look(Samples(data, width, height, step, isBigEndian));
        }

        _pixels.Convert(data, width, height, step, isBigEndian, format == PixelFormat.Bgr8, scaler is null ? [] : scaler.Table, pixels);
    }

    /// <summary>The samples that are seen: neither what fills up the rows nor how opaque a pixel is.</summary>
    private ushort[] Samples(ReadOnlySpan<byte> data, int width, int height, int step, bool isBigEndian)
    {
        int perPixel = (int)(_pixels.Packed(width, height).Step / width / sizeof(ushort)), colours = Math.Min(perPixel, 3);
        ushort[] samples = new ushort[checked(width * height * colours)];
        for (int i = 0; i < samples.Length; i++)
        {
            (int pixel, int colour) = Math.DivRem(i, colours);
            (int row, int column) = Math.DivRem(pixel, width);
            ReadOnlySpan<byte> sample = data[((row * step) + (((column * perPixel) + colour) * sizeof(ushort)))..];
            samples[i] = isBigEndian ? BinaryPrimitives.ReadUInt16BigEndian(sample) : BinaryPrimitives.ReadUInt16LittleEndian(sample);
        }

        return samples;
    }
}
