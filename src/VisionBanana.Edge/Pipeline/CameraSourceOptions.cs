using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Imaging;

namespace VisionBanana.Edge.Pipeline;

/// <summary>How a source is opened. What does not apply to a kind of source is refused, not ignored.</summary>
public sealed record CameraSourceOptions
{
    /// <summary>The coordinate frame of the optical centre (REP-103), copied into every picture.</summary>
    public string FrameId { get; init; } = "camera_optical_frame";

    /// <summary>The calibration of the camera, at the size of its pictures.</summary>
    public CameraIntrinsics? Intrinsics { get; init; }

    /// <summary>Instead of a calibration: the horizontal field of view of a lens taken as free of distortion, in degrees.</summary>
    public double? HorizontalFovDegrees { get; init; }

    /// <summary>Files and folders: how fast they play.</summary>
    public Pace Pace { get; init; } = Pace.FrameRate;

    /// <summary>Files and folders: begin again at the end.</summary>
    public bool Loop { get; init; }

    /// <summary>Rate in Hz: asked of a device; played instead of its own by a file; a folder without it plays unpaced.</summary>
    public double? FramesPerSecond { get; init; }

    /// <summary>Recordings: which pictures; null = those of the only camera.</summary>
    public string? Topic { get; init; }

    /// <summary>Programs: the layout of the pictures that they write; null = YUV4MPEG2, which says so itself.</summary>
    public RawEncoding? RawFormat { get; init; }

    /// <summary>Devices: pixels per row to ask for; programs: those of raw pictures.</summary>
    public int? Width { get; init; }

    /// <summary>Devices: rows to ask for; programs: those of raw pictures.</summary>
    public int? Height { get; init; }

    /// <summary>Devices: the pixel format to ask for, e.g. <c>MJPG</c> or <c>YUYV</c>.</summary>
    public string? FourCc { get; init; }

    /// <summary>Streams: how long it may take to connect, to find out what comes, and to deliver the first picture; null = 15 s.</summary>
    public TimeSpan? OpenTimeout { get; init; }

    /// <summary>Streams: how long a later picture may take before the stream counts as lost; null = 5 s.</summary>
    public TimeSpan? StallTimeout { get; init; }

    /// <summary>
    /// Streams: options of FFmpeg for reading, each with its value, e.g. <c>-rtsp_transport</c>, <c>udp</c>, <c>-probesize</c>, <c>500000</c>.
    /// </summary>
    public IReadOnlyList<string> FfmpegOptions { get; init; } = [];

    /// <summary>Pictures and recordings: which part of 16-bit samples is shown; null = all of it, 65535 becomes 255.</summary>
    public SampleScale? Scale { get; init; }

    /// <summary>
    /// How pictures are turned. <see cref="PictureRotation.Exif"/> is for picture files; quarter turns are for every source, and turn
    /// <see cref="Intrinsics"/>, which are those of the camera as it delivers.
    /// </summary>
    public PictureRotation Rotation { get; init; }

    /// <summary>
    /// Streams: names of other hosts to which a camera may lead by redirects and playlists of HTTP, as long as they are not in a private network.
    /// </summary>
    public IReadOnlyList<string> RedirectHosts { get; init; } = [];

    /// <summary>How many pictures may be out at once. A live camera drops when they all are; a file waits.</summary>
    public int PoolCapacity { get; init; } = 8;

    /// <summary>Stamps pictures and paces files.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Told why pictures were lost.</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;

    /// <summary>What was set that not every kind of source takes, by the names of pipeline files.</summary>
    internal IEnumerable<(string Name, SourceSettings Setting)> Given()
    {
        (string, SourceSettings, bool)[] all =
        [
            ("width", SourceSettings.Size, Width is not null), ("height", SourceSettings.Size, Height is not null),
            ("fourcc", SourceSettings.FourCc, FourCc is not null), ("rate_hz", SourceSettings.Rate, FramesPerSecond is not null),
            ("loop", SourceSettings.Loop, Loop), ("pace: none", SourceSettings.Pace, Pace == Pace.None),
            ("topic", SourceSettings.Topic, Topic is not null), ("hfov_deg", SourceSettings.FieldOfView, HorizontalFovDegrees is not null),
            ("open_timeout_ms", SourceSettings.Timeouts, OpenTimeout is not null), ("stall_timeout_ms", SourceSettings.Timeouts, StallTimeout is not null),
            ("scale", SourceSettings.Scale, Scale is not null), ("rotate: exif", SourceSettings.Rotation, Rotation == PictureRotation.Exif),
            ("format", SourceSettings.RawFormat, RawFormat is not null),
            ("ffmpeg_options", SourceSettings.Ffmpeg, FfmpegOptions.Count > 0),
            ("redirect_hosts", SourceSettings.Redirects, RedirectHosts.Count > 0),
        ];
        return all.Where(s => s.Item3).Select(s => (s.Item1, s.Item2));
    }

    /// <exception cref="CameraException">A value makes no sense for any source.</exception>
    internal void RequireSensible()
    {
        if (FramesPerSecond is { } rate && !(rate is > 0 and <= 1000))
        {
            throw new CameraException(FormattableString.Invariant($"A rate of {rate} Hz was asked for; it must lie above 0 and at most at 1000."));
        }

        if (HorizontalFovDegrees is { } fov && !(fov is > 1 and < 179))
        {
            throw new CameraException(FormattableString.Invariant($"A horizontal field of view of {fov}° was given; it must lie between 1° and 179°."));
        }

        foreach (TimeSpan timeout in new[] { OpenTimeout, StallTimeout }.OfType<TimeSpan>())
        {
            if (timeout < TimeSpan.FromMilliseconds(1) || timeout > TimeSpan.FromHours(1))
            {
                throw new CameraException(FormattableString.Invariant($"A stream may take from 1 ms to an hour, found {timeout.TotalMilliseconds} ms."));
            }
        }

        // One more file name would be one more output.
        if (FfmpegOptions.Count % 2 != 0 || FfmpegOptions.Where((o, i) => i % 2 == 0 && (o.Length < 2 || o[0] != '-' || o == "-i")).Any())
        {
            throw new CameraException(
                "FFmpeg's options come in pairs of a name with '-' and a value, e.g. -rtsp_transport udp; the address is no option. Found: "
                    + $"{string.Join(' ', FfmpegOptions)}");
        }

        if (PoolCapacity < 1)
        {
            throw new CameraException($"A pool of {PoolCapacity} pictures was asked for; it needs at least 1.");
        }
    }
}
