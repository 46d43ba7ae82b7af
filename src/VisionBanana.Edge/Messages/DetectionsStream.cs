using VisionBanana.Edge.Configuration;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Messages.Ros;
using VisionBanana.Edge.Navigation;

namespace VisionBanana.Edge.Messages;

/// <content>Objects in the optical frame.</content>
public static partial class Streams
{
    /// <summary>vision_msgs/Detection3DArray: objects with ids that last, in the optical frame; where detections are asked.</summary>
    public const string Detections = "detections";
}

/// <content>Objects in the optical frame.</content>
public sealed partial record StreamOptions
{
    /// <summary>Objects in the optical frame. Null = off.</summary>
    public DetectionStreamOptions? Detections { get; init; } = new();
}

internal sealed class DetectionsStream() : PictureStream<DetectionStreamOptions>(Streams.Detections, DetectionCheck.InSpace)
{
    protected override DetectionStreamOptions? Of(StreamOptions options) => options.Detections;

    protected override StreamOptions With(StreamOptions options, DetectionStreamOptions? own) => options with { Detections = own };

    protected override DetectionStreamOptions Read(YamlSection section, double? rateHz) => new() { RateHz = rateHz };

    protected override PictureWriter CreateWriter(DetectionStreamOptions own, IImageEncoder images) => new Writer(own);

    private sealed class Writer(DetectionStreamOptions own) : DetectionWriter(Streams.Detections, Detection3DArray.Schema, own.RateHz)
    {
        protected override Pose PoseOf(in DetectedObject found) => PoseOf(found.Box);

        protected override void WriteBox(CdrWriter writer, in DetectedObject found) => Write(writer, found.Box);
    }
}
