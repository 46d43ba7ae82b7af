using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Imaging;

namespace VisionBanana.Edge.Recording;

/// <summary>How the pictures of a recording are replayed through a pipeline.</summary>
public sealed record RecordingSourceOptions
{
    /// <summary>
    /// The topic of the pictures, sensor_msgs/Image (<see cref="Imaging.RawEncoding"/>) or CompressedImage; null = the camera's own pictures
    /// (<c>…/source/image_raw</c>), else those of the only camera in colour, else of the only camera.
    /// </summary>
    public string? Topic { get; init; }

    /// <summary>
    /// The topic of their calibration; null = <c>camera_info</c> where ROS has it, beside <see cref="Topic"/> (beside <c>image_raw</c> for
    /// <c>image_raw/compressed</c>), when there is one. For <c>image_rect…</c> its P holds, which describes the rectified pictures.
    /// </summary>
    public string? CameraInfoTopic { get; init; }

    /// <summary>Instead of the recorded calibration.</summary>
    public CameraIntrinsics? Intrinsics { get; init; }

    /// <summary>Decodes CompressedImage; not needed for raw pictures.</summary>
    public IImageDecoder? Decoder { get; init; }

    /// <summary>1 = at the pace of the camera, 2 = twice as fast; null = as fast as the pipeline takes pictures. None is left out either way.</summary>
    public double? Speed { get; init; }

    /// <summary>Which part of samples of 16 bits (<c>mono16</c>, <c>rgb16</c>, <c>bayer_…16</c>) is shown; null = all of it.</summary>
    public SampleScale? Scale { get; init; }

    /// <summary>Begins again at the end.</summary>
    public bool Loop { get; init; }

    /// <summary>How many pictures may be out at once.</summary>
    public int PoolCapacity { get; init; } = 8;

    /// <summary>The clock of the pace and of latencies; stamps are those of the recording.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Told what went wrong on the thread of a subscription.</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;
}
