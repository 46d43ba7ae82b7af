using VisionBanana.Edge.Imaging;

namespace VisionBanana.Edge.Messages;

/// <content>What a phrase refers to.</content>
public static partial class Streams
{
    /// <summary>sensor_msgs/Image, mono8: 1 where the phrase applies, 0 elsewhere, 255 = unknown.</summary>
    public const string Mask = "mask";
}

/// <content>What a phrase refers to.</content>
public sealed partial record StreamOptions
{
    /// <summary>The pixels a phrase refers to, or null.</summary>
    public PlaneStreamOptions? Mask { get; init; } = new();
}

internal sealed class MaskStream() : PlaneStream(Streams.Mask, ImageCheck.Schema)
{
    protected override PlaneStreamOptions? Of(StreamOptions options) => options.Mask;

    protected override StreamOptions With(StreamOptions options, PlaneStreamOptions? own) => options with { Mask = own };

    protected override PictureWriter CreateWriter(PlaneStreamOptions own, IImageEncoder images) =>
        new IdWriter(Streams.Mask, own, PerceptKind.Mask, _ => true);
}
