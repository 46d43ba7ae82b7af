using OpenCvSharp;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Pipeline;

namespace VisionBanana.Edge.OpenCv.Sources;

/// <summary>Network streams: RTSP, HTTP (MJPEG, MPEG-TS, HLS), RTMP, MPEG-TS over TCP or UDP.</summary>
internal sealed class VideoStream : OpenCvKind
{
    private static readonly string[] Schemes = ["rtsp", "rtsps", "http", "https", "rtmp", "udp", "tcp"];

    public override string Name => "a stream";

    public override string Example => "rtsp://host/stream";

    public override SourceSettings Takes => SourceSettings.FieldOfView | SourceSettings.Timeouts | SourceSettings.Ffmpeg;

    public override bool Matches(string address) => address.IndexOf("://", StringComparison.Ordinal) > 0;

    protected override SourceDescription Describe(string url, CameraSourceOptions options)
    {
        string scheme = url.Split("://")[0];
        if (!Schemes.Contains(scheme, StringComparer.OrdinalIgnoreCase))
        {
            throw new CameraException($"'{scheme}://' is no stream that can be read; expected one of {string.Join(", ", Schemes)}.");
        }

        // FFmpeg knows its protocols in lower case alone.
        url = scheme.ToLowerInvariant() + url[scheme.Length..];
        string shown = WithoutPassword(url);
        using var reader = new FfmpegReader(url, shown, options);
        if (!reader.Grab())
        {
            throw new CameraAbsentException(
                $"{shown} delivers no picture: {reader.EndReason}. "
                + "Check the address, user and password, and that the camera is on.");
        }

        using var first = new Mat(reader.Height, reader.Width, MatType.CV_8UC3);
        if (!reader.Retrieve(first))
        {
            throw new CameraAbsentException($"{shown} broke off in its first picture: {reader.EndReason}.");
        }

        reader.WaitForDescription();
        return new SourceDescription(
            $"stream {shown}, {reader.Width}×{reader.Height}", reader.Width, reader.Height, true, reader.FramesPerSecond, options,
            () => new FfmpegReader(url, shown, options))
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
