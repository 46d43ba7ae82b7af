using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Messages.Ros;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Messages;

/// <content>The calibration beside each picture.</content>
public static partial class Streams
{
    /// <summary>sensor_msgs/CameraInfo beside every <see cref="Color"/> picture, with its stamp: exact-time synchronisers pair the two.</summary>
    public const string ColorCameraInfo = $"{Color}/{CameraInfo}";

    /// <summary>sensor_msgs/CameraInfo beside every <see cref="Depth"/> picture, with its stamp: exact-time synchronisers pair the two.</summary>
    public const string DepthCameraInfo = $"{Depth}/{CameraInfo}";
}

/// <summary>
/// The calibration behind every message of a stream of pictures, with the same stamp. It has no options: it comes exactly when the picture comes
/// and its camera is calibrated. It stands behind its picture in <see cref="Streams.All"/>.
/// </summary>
internal sealed class PictureCameraInfoStream(string picture) : StreamKind($"{picture}/{Streams.CameraInfo}", CameraInfoStream.Passing)
{
    internal override StreamWriter CreateWriter(StreamOptions options, IImageEncoder images) => new Writer(picture, Name);

    private sealed class Writer(string picture, string name) : StreamWriter
    {
        private CameraIntrinsics? _camera;
        private CameraInfo? _info;

        public override MessageSlot CreateSlot() => new(name, CameraInfo.Schema);

        public override void Write(PerceptionFrame frame, EncodedFrame encoded, MessageSlot? slot)
        {
            if (frame.Intrinsics is not { } camera || encoded.Messages.Count == 0 || encoded.Messages[^1].Stream != picture)
            {
                return;
            }

            var header = new Header(Time.FromNanoseconds(frame.CapturedAt.UtcNs), frame.FrameId);
            if (_info is null || !ReferenceEquals(camera, _camera))
            {
                (_camera, _info) = (camera, CameraInfo.From(camera, header));
            }

            slot!.Writer.Begin();
            _info.WriteTo(slot.Writer, header);
            encoded.Add(slot.Describe("", frame.Width, frame.Height, 0, 0, 0), frame, frame.FrameId);
        }
    }
}
