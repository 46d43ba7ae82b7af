using OpenCvSharp;
using VisionBanana.Edge.Imaging;

namespace VisionBanana.Edge.OpenCv.Sources;

/// <summary>Network streams: RTSP, HTTP (MJPEG, MPEG-TS, HLS), RTMP, MPEG-TS over TCP or UDP.</summary>
internal static class VideoStream
{
    public static SourceDescription Open(string url, CameraSourceOptions options)
    {
        SourceChecks.Refuse(
            "a stream", ("width", options.Width is not null), ("height", options.Height is not null), ("fourcc", options.FourCc is not null),
            ("fps", options.FramesPerSecond is not null), ("loop", options.Loop), ("pace: none", options.Pace == Pace.None));
        string shown = WithoutPassword(url);
        using var reader = new FfmpegReader(url, shown, options.Timeout);
        if (!reader.Grab())
        {
            throw new CameraException(
                $"{shown} delivers no picture: {reader.EndReason}. "
                + "Check the address, user and password, and that the camera is on.");
        }

        using var first = new Mat(reader.Height, reader.Width, MatType.CV_8UC3);
        if (!reader.Retrieve(first))
        {
            throw new CameraException($"{shown} broke off in its first picture: {reader.EndReason}.");
        }

        reader.WaitForDescription();
        return new SourceDescription(
            $"stream {shown}, {reader.Width}×{reader.Height}", reader.Width, reader.Height, true, reader.FramesPerSecond, options,
            () => new FfmpegReader(url, shown, options.Timeout))
        {
            Format = PixelFormat.Rgb8,
        };
    }

    private static string WithoutPassword(string url)
    {
        int start = url.IndexOf("://", StringComparison.Ordinal) + 3, end = url.IndexOfAny(['/', '?'], start);
        end = end < 0 ? url.Length : end;
        int at = end > start ? url.LastIndexOf('@', end - 1, end - start) : -1;
        return at < 0 ? url : string.Concat(url.AsSpan(0, start), "…@", url.AsSpan(at + 1));
    }
}
