using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Instructions;
using VisionBanana.Edge.Messages.Ros;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Messages;

/// <summary>Builds camera_info, label_info and tf_static when what they say changes, and keeps the same object while it does not.</summary>
internal sealed class StateMessages(CameraMount? mount)
{
    private CameraIntrinsics? _camera;
    private LabelPalette? _palette;
    private string _cameraFrameId = "", _labelFrameId = "", _mountedFrameId = "";

    /// <summary>The calibration of the pictures, null until one was calibrated.</summary>
    public WireMessage? CameraInfo { get; private set; }

    /// <summary>The names of the label ids, null until labels were painted.</summary>
    public WireMessage? LabelInfo { get; private set; }

    /// <summary>Where the camera sits, null when nobody said.</summary>
    public WireMessage? TfStatic { get; private set; }

    public void Update(PerceptionFrame frame, bool withLabels)
    {
        if (frame.Intrinsics is { } camera && (CameraInfo is null || !ReferenceEquals(camera, _camera) || frame.FrameId != _cameraFrameId))
        {
            // A source may hand out equal intrinsics as new objects: state that did not change keeps its message.
            if (CameraInfo is null || frame.FrameId != _cameraFrameId || !Same(camera, _camera!))
            {
                CameraInfo = Build(Streams.CameraInfo, Ros.CameraInfo.From(camera, HeaderOf(frame)), frame);
            }

            (_camera, _cameraFrameId) = (camera, frame.FrameId);
        }

        if (withLabels && frame.Find(PerceptKind.Labels)?.Instruction is SemanticInstruction { Palette: { } palette } &&
            (LabelInfo is null || !palette.Equals(_palette) || frame.FrameId != _labelFrameId))
        {
            LabelInfo = Build(Streams.LabelInfo, Ros.LabelInfo.From(palette, HeaderOf(frame)), frame);
            (_palette, _labelFrameId) = (palette, frame.FrameId);
        }

        if (mount is not null && (TfStatic is null || frame.FrameId != _mountedFrameId))
        {
            TfStatic = Build(mount, frame);
            _mountedFrameId = frame.FrameId;
        }
    }

    private static Header HeaderOf(PerceptionFrame frame) => new(Time.FromNanoseconds(frame.CapturedAt.UtcNs), frame.FrameId);

    private static bool Same(CameraIntrinsics a, CameraIntrinsics b) =>
        a with { Distortion = [] } == b with { Distortion = [] } &&
        (a.Distortion.IsDefaultOrEmpty ? b.Distortion.IsDefaultOrEmpty : !b.Distortion.IsDefault && a.Distortion.AsSpan().SequenceEqual(b.Distortion.AsSpan()));

    /// <summary>The frame of this message is the parent: that is what its header names.</summary>
    private static WireMessage Build(CameraMount mount, PerceptionFrame frame) => new()
    {
        Stream = Streams.TfStatic,
        Schema = TFMessage.Schema,
        IsState = true,
        SequenceNumber = frame.SequenceNumber,
        CapturedNs = frame.CapturedAt.UtcNs,
        FrameId = mount.ParentFrame,
        Payload = RosMessage.Encode(new TFMessage([TransformStamped.From(mount, HeaderOf(frame).Stamp, frame.FrameId)])),
    };

    private static WireMessage Build<T>(string stream, T message, PerceptionFrame frame)
        where T : IRosMessage<T> => new()
        {
            Stream = stream,
            Schema = T.Schema,
            IsState = true,
            SequenceNumber = frame.SequenceNumber,
            CapturedNs = frame.CapturedAt.UtcNs,
            FrameId = frame.FrameId,
            Width = frame.Width,
            Height = frame.Height,
            Payload = RosMessage.Encode(message),
        };
}
