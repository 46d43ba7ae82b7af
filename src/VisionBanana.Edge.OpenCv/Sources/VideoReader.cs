using Microsoft.Extensions.Logging;
using OpenCvSharp;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.OpenCv.Sources;

/// <summary>Reads pictures through OpenCV's VideoCapture: files and devices.</summary>
/// <param name="capture">The opened capture; owned.</param>
/// <param name="promised">How many pictures the container says it holds; 0 = it does not say.</param>
/// <param name="isInterCoded">True when a picture may be coded as "like the one before" (H.264, H.265, VP9 …).</param>
/// <param name="logger">Told why the decoder failed.</param>
/// <param name="time">Plays pictures by their own stamps; null = as they come.</param>
internal sealed class VideoReader(VideoCapture capture, int promised, bool isInterCoded, ILogger logger, VideoClock? time = null) : MatReader(logger)
{
    // Open groups of pictures and edit lists cost a healthy file a picture or two at its ends.
    private const int Tolerance = 2;
    private int _grabbed;

    public override double TimestampMs => isInterCoded ? capture.Get(VideoCaptureProperties.PosMsec) : 0;

    public override int MissingCount => promised - _grabbed > Tolerance ? promised - _grabbed : 0;

    public override string EndReason => _grabbed > 0 ? "the camera stopped delivering" : "it delivers no pictures";

    public override string Current => $"picture {_grabbed - 1}";

    public override bool Grab()
    {
        if (!capture.Grab())
        {
            return false;
        }

        _grabbed++;
        time?.Next(capture.Get(VideoCaptureProperties.PosMsec));
        return true;
    }

    public override TimeSpan UntilDue => time?.UntilDue() ?? TimeSpan.Zero;

    public override void Label(CameraFrame frame) => frame.CapturedAt = time?.Due ?? frame.CapturedAt;

    public override bool Retrieve(Mat picture) => capture.Retrieve(picture) && !picture.Empty();

    protected override void Close() => capture.Dispose();
}
