using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Messages.Ros;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Messages;

/// <content>The painting of the depth.</content>
public static partial class Streams
{
    /// <summary>sensor_msgs/CompressedImage, PNG: the depth painting, lossless.</summary>
    public const string Painting = "painting";
}

/// <content>The painting of the depth.</content>
public sealed partial record StreamOptions
{
    /// <summary>The depth painting as PNG, lossless, or null.</summary>
    public PlaneStreamOptions? Painting { get; init; } = new();
}

internal sealed class PaintingStream() : PlaneStream(Streams.Painting, CompressedImageCheck.Schema)
{
    protected override PlaneStreamOptions? Of(StreamOptions options) => options.Painting;

    protected override StreamOptions With(StreamOptions options, PlaneStreamOptions? own) => options with { Painting = own };

    protected override bool NeedsEncoder(PlaneStreamOptions own) => true;

    protected override PictureWriter CreateWriter(PlaneStreamOptions own, IImageEncoder images) => new Writer(own, images);

    private sealed class Writer(PlaneStreamOptions own, IImageEncoder images) : PictureWriter(Streams.Painting, CompressedImage.Schema, own.RateHz)
    {
        protected override bool Has(PerceptionFrame frame) => frame.Find(PerceptKind.Depth) is { PainterGaveValues: false };

        protected override WireMessage Encode(PerceptionFrame frame, MessageSlot slot, in Header header)
        {
            int start = slot.BeginCompressed(header, ImageEncodings.Png);
            images.EncodePng(frame.Find(PerceptKind.Depth)!.PaintingBytes, frame.Width, frame.Height, slot.Writer);
            return slot.EndCompressed(ImageEncodings.Png, start, frame);
        }
    }
}
