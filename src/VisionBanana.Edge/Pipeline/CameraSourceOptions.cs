using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using VisionBanana.Edge.Calibration;

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

    /// <summary>Devices: pixels per row to ask for.</summary>
    public int? Width { get; init; }

    /// <summary>Devices: rows to ask for.</summary>
    public int? Height { get; init; }

    /// <summary>Devices: the pixel format to ask for, e.g. <c>MJPG</c> or <c>YUYV</c>.</summary>
    public string? FourCc { get; init; }

    /// <summary>Streams: how long a connection or a picture may take before the stream counts as lost.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

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

        if (PoolCapacity < 1)
        {
            throw new CameraException($"A pool of {PoolCapacity} pictures was asked for; it needs at least 1.");
        }
    }
}
