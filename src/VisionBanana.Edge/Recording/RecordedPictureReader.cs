using Microsoft.Extensions.Logging;
using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Messages.Ros;
using VisionBanana.Edge.Perception;
using VisionBanana.Edge.Pipeline;

namespace VisionBanana.Edge.Recording;

/// <summary>Reads the pictures of a recording once, by log time, each due when it was recorded.</summary>
/// <param name="recording">The recording; stays the source's.</param>
/// <param name="topic">Where its pictures are.</param>
/// <param name="options">How it is played.</param>
/// <param name="numbers">Goes on from one playing to the next.</param>
/// <param name="tell">Told why a calibration cannot be used.</param>
internal sealed partial class RecordedPictureReader(
    RecordingReader recording, PictureTopic topic, RecordingSourceOptions options, SequenceNumbers numbers, Action<string> tell) : IPictureReader
{
    private readonly IEnumerator<RecordedPicture> _pictures = topic.Read(recording, tell).GetEnumerator();
    private readonly PlaybackClock _pace = new(options.Speed, options.Clock);
    private Header _header;
    private bool _isMissingTold;

    public TimeSpan UntilDue => _pace.WaitFor(_pictures.Current.LogTimeNs);

    public string Remark => recording.Recovery is { IsComplete: false } recovery ? recovery.ToString() : "";

    public string Current => $"number {_pictures.Current.Sequence} on {topic.Pictures.Topic}";

    public bool Grab() => _pictures.MoveNext();

    public PictureOutcome Read(CameraFrame frame)
    {
        try
        {
            _header = topic.Decode(_pictures.Current.Payload, frame);
            return PictureOutcome.Read;
        }
        catch (MessageFormatException)
        {
            return PictureOutcome.Unreadable;
        }
    }

    public void Label(CameraFrame frame)
    {
        RecordedPicture picture = _pictures.Current;
        long stampNs = _header.Stamp.Nanoseconds;
        frame.CapturedAt = frame.CapturedAt with { UtcNs = stampNs != 0 ? stampNs : picture.LogTimeNs };
        frame.FrameId = _header.FrameId;
        frame.SequenceNumber = numbers.Unfold(picture.Sequence);
        CameraIntrinsics? intrinsics = picture.Intrinsics;
        frame.Intrinsics = intrinsics is not null && (intrinsics.Width, intrinsics.Height) == (frame.Width, frame.Height) ? intrinsics : null;
        if (frame.Intrinsics is null && topic.FirstIntrinsics is not null && !_isMissingTold)
        {
            _isMissingTold = true;
            LogMissing(options.Logger, Current);
        }
    }

    public void Dispose() => _pictures.Dispose();

    [LoggerMessage(LogLevel.Warning, "No camera_info belongs to the picture {Picture}: none has its stamp or came before it, with its size. It has no depth.")]
    private static partial void LogMissing(ILogger logger, string picture);
}
