using VisionBanana.Edge.Configuration;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Messages.Ros;
using VisionBanana.Edge.Navigation;

namespace VisionBanana.Edge.Messages;

/// <content>Objects in the picture.</content>
public static partial class Streams
{
    /// <summary>vision_msgs/Detection2DArray: the same objects in the picture, pixels.</summary>
    public const string DetectionsPicture = "detections_picture";
}

/// <content>Objects in the picture.</content>
public sealed partial record StreamOptions
{
    /// <summary>Objects in the picture. Null = off.</summary>
    public DetectionStreamOptions? DetectionsPicture { get; init; } = new();
}

internal sealed class DetectionsPictureStream() : PictureStream<DetectionStreamOptions>(Streams.DetectionsPicture, DetectionCheck.InPicture)
{
    protected override DetectionStreamOptions? Of(StreamOptions options) => options.DetectionsPicture;

    protected override StreamOptions With(StreamOptions options, DetectionStreamOptions? own) => options with { DetectionsPicture = own };

    protected override DetectionStreamOptions Read(YamlSection section, double? rateHz) => new() { RateHz = rateHz };

    protected override PictureWriter CreateWriter(DetectionStreamOptions own, IImageEncoder images) => new Writer(own);

    private sealed class Writer(DetectionStreamOptions own) : DetectionWriter(Streams.DetectionsPicture, Detection2DArray.Schema, own.RateHz)
    {
        protected override Pose PoseOf(in DetectedObject found) => PoseOf(found.Box);

        protected override void WriteBox(CdrWriter writer, in DetectedObject found) => new BoundingBox2D(
            new Pose2D(new Point2D(found.Left + ((found.Width - 1) / 2.0), found.Top + ((found.Height - 1) / 2.0)), 0), found.Width, found.Height)
            .WriteTo(writer);
    }
}
