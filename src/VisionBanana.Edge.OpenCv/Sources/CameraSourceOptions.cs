using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using VisionBanana.Edge.Calibration;

namespace VisionBanana.Edge.OpenCv.Sources;

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
}
