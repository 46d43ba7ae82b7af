using VisionBanana.Edge.Configuration;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Messages.Ros;
using VisionBanana.Edge.Navigation;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Messages;

/// <content>Objects in the robot's frame.</content>
public static partial class Streams
{
    /// <summary>vision_msgs/Detection3DArray: the same objects in the robot's frame, where the mount is known.</summary>
    public const string DetectionsRobot = "detections_robot";
}

/// <content>Objects in the robot's frame.</content>
public sealed partial record StreamOptions
{
    /// <summary>Objects in the robot's frame. Null = off.</summary>
    public DetectionStreamOptions? DetectionsRobot { get; init; } = new();
}

internal sealed class DetectionsRobotStream() : PictureStream<DetectionStreamOptions>(Streams.DetectionsRobot, DetectionCheck.InSpace)
{
    protected override DetectionStreamOptions? Of(StreamOptions options) => options.DetectionsRobot;

    protected override StreamOptions With(StreamOptions options, DetectionStreamOptions? own) => options with { DetectionsRobot = own };

    protected override DetectionStreamOptions Read(YamlSection section, double? rateHz) => new() { RateHz = rateHz };

    protected override PictureWriter CreateWriter(DetectionStreamOptions own, IImageEncoder images) => new Writer(own);

    private sealed class Writer(DetectionStreamOptions own) : DetectionWriter(Streams.DetectionsRobot, Detection3DArray.Schema, own.RateHz)
    {
        protected override bool Has(PerceptionFrame frame) => base.Has(frame) && frame.Surroundings!.RobotFrameId is not null;

        protected override string FrameIdOf(PerceptionFrame frame) => frame.Surroundings!.RobotFrameId!;

        protected override Pose PoseOf(in DetectedObject found) => PoseOf(found.InRobot ?? default);

        protected override void WriteBox(CdrWriter writer, in DetectedObject found) => Write(writer, found.InRobot ?? default);
    }
}
