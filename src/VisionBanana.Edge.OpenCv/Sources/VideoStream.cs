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

    public override SourceSettings Takes => SourceSettings.FieldOfView | SourceSettings.Timeouts | SourceSettings.Ffmpeg | SourceSettings.Redirects;

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
        string shown = Redactor.Address(url);
        using var reader = new FfmpegReader(url, shown, options);
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
            () => new FfmpegReader(url, shown, options))
        {
            Format = PixelFormat.Rgb8,
        };
    }
}
