using OpenCvSharp;
using VisionBanana.Edge.OpenCv.Pictures;
using VisionBanana.Edge.Perception;
using VisionBanana.Edge.Pipeline;

namespace VisionBanana.Edge.OpenCv.Sources;

/// <summary>Video files.</summary>
internal sealed class VideoFile : OpenCvKind
{
    // These containers store how many pictures they hold; for others OpenCV multiplies duration and rate.
    private static readonly string[] CountingContainers = [".avi", ".mp4", ".m4v", ".mov"];

    public override string Name => "a video file";

    public override string Example => "room.mp4";

    public override SourceSettings Takes => SourceSettings.Pace | SourceSettings.Loop | SourceSettings.Rate | SourceSettings.FieldOfView;

    /// <summary>Any file that no other kind wants: what it is, its content decides.</summary>
    public override bool Matches(string address) => File.Exists(address);

    protected override OpenedSource Describe(string path, CameraSourceOptions options)
    {
        SourceFiles.RequireReadable(path, "video");
        RequireVideo(path);
        using VideoCapture capture = OpenCapture(path);
        if ((long)capture.FrameWidth * capture.FrameHeight > CameraFrame.MostPixels)
        {
            throw new CameraException(
                $"The video '{path}' claims pictures of {capture.FrameWidth}×{capture.FrameHeight} pixels, expected at most {CameraFrame.MostPixels} in all.");
        }

        using var first = new Mat();
        if (!capture.Read(first) || first.Empty())
        {
            throw new CameraException($"The video '{path}' holds no readable picture: it is empty, cut off or damaged. `ffprobe` says more.");
        }

        double ownRate = capture.Fps;
        double? rate = options.FramesPerSecond ?? (ownRate is > 0 and <= 1000 ? ownRate : null);
        if (rate is null && options.Pace == Pace.FrameRate)
        {
            throw new CameraException($"The video '{path}' does not say its frame rate: give one, or play it with pace: none.");
        }

        int promised = CountingContainers.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase) ? capture.FrameCount : 0;
        string text = FormattableString.Invariant($"video {Path.GetFileName(path)}, {first.Width}×{first.Height}, {rate:0.##} Hz");
        bool ownStamps = options is { FramesPerSecond: null, Pace: Pace.FrameRate };
        return new OpenedSource(text, first.Width, first.Height, false, rate, options, () =>
        {
            SourceFiles.RequireReadable(path, "video");
            RequireVideo(path);
            return new VideoReader(
                OpenCapture(path), promised, isInterCoded: true, options.Logger, ownStamps ? new VideoClock((long)(1e9 / rate!.Value), options.Clock) : null);
        })
        {
            PacesItself = ownStamps,
        };
    }

    private static void RequireVideo(string path)
    {
        if (NamingText.Is(path))
        {
            throw new CameraException($"'{path}' is no video that can be played: it is a text, perhaps a playlist. What it names may be a source itself.");
        }
    }

    private static VideoCapture OpenCapture(string path)
    {
        // FFmpeg takes a name with a colon in it for a protocol; the whole path begins with its root.
        var capture = new VideoCapture(Path.GetFullPath(path), VideoCaptureAPIs.FFMPEG);
        if (!capture.IsOpened())
        {
            capture.Dispose();
            throw new CameraException(
                $"'{path}' is no video that can be played: it is another kind of file, "
                    + "its codec is unknown, or it is cut off before its index. `ffprobe` says more.");
        }

        capture.Set(VideoCaptureProperties.OrientationAuto, 0);
        return capture;
    }
}
