using VisionBanana.Edge.Imaging;

namespace VisionBanana.Edge.Messages;

/// <content>Instance ids.</content>
public static partial class Streams
{
    /// <summary>sensor_msgs/Image, 16UC1: instance ids, 0 = background, 65535 = unknown.</summary>
    public const string Instances = "instances";
}

/// <content>Instance ids.</content>
public sealed partial record StreamOptions
{
    /// <summary>Instance ids, or null.</summary>
    public PlaneStreamOptions? Instances { get; init; } = new();
}

internal sealed class InstancesStream() : PlaneStream(Streams.Instances, ImageCheck.Schema)
{
    protected override PlaneStreamOptions? Of(StreamOptions options) => options.Instances;

    protected override StreamOptions With(StreamOptions options, PlaneStreamOptions? own) => options with { Instances = own };

    protected override PictureWriter CreateWriter(PlaneStreamOptions own, IImageEncoder images) =>
        new IdWriter(Streams.Instances, own, PerceptKind.Instances, _ => false);
}
