using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Pipeline;

namespace VisionBanana.Edge.Sources;

/// <summary>Network streams: RTSP, HTTP (MJPEG, MPEG-TS, HLS), RTMP, MPEG-TS over TCP or UDP. They are read with the <c>ffmpeg</c> program.</summary>
public sealed class VideoStreamKind : SourceKind
{
    private static readonly string[] Schemes = ["rtsp", "rtsps", "http", "https", "rtmp", "udp", "tcp"];

    /// <inheritdoc/>
    public override string Name => "a stream";

    /// <inheritdoc/>
    public override string Example => "rtsp://host/stream";

    /// <inheritdoc/>
    public override SourceSettings Takes => SourceSettings.FieldOfView | SourceSettings.Timeouts | SourceSettings.Ffmpeg | SourceSettings.Redirects;

    /// <inheritdoc/>
    public override bool Matches(string address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return address.IndexOf("://", StringComparison.Ordinal) > 0;
    }

    /// <inheritdoc/>
    protected override ICameraSource OpenCamera(string address, CameraSourceOptions options)
    {
        string url = address, scheme = url.Split("://")[0];
        if (!Schemes.Contains(scheme, StringComparer.OrdinalIgnoreCase))
        {
            throw new CameraException($"'{scheme}://' is no stream that can be read; expected one of {string.Join(", ", Schemes)}.");
        }

        // FFmpeg knows its protocols in lower case alone.
        url = scheme.ToLowerInvariant() + url[scheme.Length..];
        string shown = Redactor.Address(url);
        return Open(url, shown, options, default) ?? Open(url, shown, options, new StreamReading(IsShort: true))!;
    }

    /// <summary>Opens the stream; null when it ended before its first picture and is worth another reading.</summary>
    private static ReaderSource? Open(string url, string shown, CameraSourceOptions options, StreamReading reading)
    {
        using var reader = new FfmpegReader(url, shown, options, reading);
        if (!reader.Grab())
        {
            if (!reading.IsShort && reader.EndedEmpty && !reader.IsRefused)
            {
                return null;
            }

            string problem = $"{shown} delivers no picture: {reader.EndReason}. Check the address, user and password, and that the camera is on.";
            throw reader.IsRefused ? new CameraException(problem) : new CameraAbsentException(problem);
        }

        if (!reader.TryReadPixels(new byte[reader.Width * reader.Height * 3]))
        {
            throw new CameraAbsentException($"{shown} broke off in its first picture: {reader.EndReason}.");
        }

        reader.WaitForDescription();
        StreamReading known = reading with { IsMotionJpeg = reader.IsMotionJpeg };
        return new ReaderSource(new OpenedSource(
            $"stream {shown}, {reader.Width}×{reader.Height}", reader.Width, reader.Height, true, reader.FramesPerSecond, options,
            () => new FfmpegReader(url, shown, options, known))
        {
            Format = PixelFormat.Rgb8,
        });
    }
}
