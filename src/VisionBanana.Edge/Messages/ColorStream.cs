using VisionBanana.Edge.Configuration;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Messages.Ros;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Messages;

/// <content>The picture.</content>
public static partial class Streams
{
    /// <summary>sensor_msgs/CompressedImage, JPEG.</summary>
    public const string Color = "color";
}

/// <content>The picture.</content>
public sealed partial record StreamOptions
{
    /// <summary>The rectified picture as JPEG, or null.</summary>
    public ColorStreamOptions? Color { get; init; } = new();
}

/// <summary>How the picture is published.</summary>
public sealed record ColorStreamOptions : IPictureStreamOptions
{
    /// <summary>JPEG quality, 1 to 100.</summary>
    public int JpegQuality { get; init; } = 85;

    /// <summary>The most pictures per second by capture time, or null for all.</summary>
    public double? RateHz { get; init; }
}

internal sealed class ColorStream() : PictureStream<ColorStreamOptions>(Streams.Color, CompressedImageCheck.Schema)
{
    public override bool ShowsCamera => true;

    protected override ColorStreamOptions? Of(StreamOptions options) => options.Color;

    protected override StreamOptions With(StreamOptions options, ColorStreamOptions? own) => options with { Color = own };

    protected override ColorStreamOptions Read(YamlSection section, double? rateHz)
    {
        var own = new ColorStreamOptions { RateHz = rateHz };
        return own with { JpegQuality = section.OptionalInt("jpeg_quality", 1, 100) ?? own.JpegQuality };
    }

    protected override IEnumerable<string> Problems(ColorStreamOptions own) =>
        own.JpegQuality is < 1 or > 100 ? [$"JPEG quality is 1 to 100, found {own.JpegQuality}."] : [];

    protected override bool NeedsEncoder(ColorStreamOptions own) => true;

    protected override PictureWriter CreateWriter(ColorStreamOptions own, IImageEncoder images) => new Writer(own, images);

    private sealed class Writer(ColorStreamOptions own, IImageEncoder images) : PictureWriter(Streams.Color, CompressedImage.Schema, own.RateHz)
    {
        protected override bool Has(PerceptionFrame frame) => true;

        protected override WireMessage Encode(PerceptionFrame frame, MessageSlot slot, in Header header)
        {
            int start = slot.BeginCompressed(header, ImageEncodings.Jpeg);
            images.EncodeJpeg(frame.ColorBytes, frame.Width, frame.Height, own.JpegQuality, slot.Writer);
            return slot.EndCompressed(ImageEncodings.Jpeg, start, frame);
        }
    }
}
