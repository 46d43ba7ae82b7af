using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Messages.Ros;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Messages;

/// <content>The calibration.</content>
public static partial class Streams
{
    /// <summary>sensor_msgs/CameraInfo of the published pictures, state.</summary>
    public const string CameraInfo = "camera_info";
}

internal sealed class CameraInfoStream() : StreamKind(Streams.CameraInfo, WireSchema.Of<CameraInfo>(Check, info => Describe(info) with { IsState = true }))
{
    /// <summary>The type where a message passes with its picture and is no state.</summary>
    public static WireSchema Passing { get; } = WireSchema.Of<CameraInfo>(Check, Describe);

    public override bool IsState => true;

    internal override StreamWriter CreateWriter(StreamOptions options, IImageEncoder images) => new Writer();

    private static MessageFacts Describe(CameraInfo info) => new(info.Header, Width: info.Width, Height: info.Height);

    private static string? Check(CameraInfo info, WireMessage message)
    {
        string? lens = LensModels.Read(info.DistortionModel, info.D, out _, out _);
        return lens is not null ? lens
            : !(info.K[0] > 0 && info.K[4] > 0 && double.IsFinite(info.K[0]) && double.IsFinite(info.K[4]))
                ? $"focal lengths {info.K[0]} and {info.K[4]} were expected to be positive"
            : MessageChecks.Header(info.Header, message) ?? MessageChecks.Size(info.Width, info.Height, message);
    }

    private sealed class Writer : StateWriter
    {
        private CameraIntrinsics? _camera;
        private string _frameId = "";
        private WireMessage? _message;

        protected override WireMessage? Update(PerceptionFrame frame)
        {
            if (frame.Intrinsics is not { } camera)
            {
                return null;
            }

            if (_message is null || !ReferenceEquals(camera, _camera) || frame.FrameId != _frameId)
            {
                // A source may hand out equal intrinsics as new objects: state that did not change keeps its message.
                if (_message is null || frame.FrameId != _frameId || !Same(camera, _camera!))
                {
                    _message = Build(Streams.CameraInfo, CameraInfo.From(camera, HeaderOf(frame)), frame);
                }

                (_camera, _frameId) = (camera, frame.FrameId);
            }

            return _message;
        }

        private static bool Same(CameraIntrinsics a, CameraIntrinsics b) =>
            a with { Distortion = [] } == b with { Distortion = [] } &&
            (a.Distortion.IsDefaultOrEmpty ? b.Distortion.IsDefaultOrEmpty
                : !b.Distortion.IsDefault && a.Distortion.AsSpan().SequenceEqual(b.Distortion.AsSpan()));
    }
}
