using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Imaging;

namespace VisionBanana.Edge.Recording;

/// <summary>How the pictures of a recording are replayed through a pipeline.</summary>
public sealed record RecordingSourceOptions
{
    /// <summary>
    /// The topic of the pictures, sensor_msgs/Image (rgb8, bgr8, rgba8, bgra8, mono8) or CompressedImage; null = the camera's own pictures
    /// (<c>…/source/image_raw</c>), else the only topic that has pictures in colour.
    /// </summary>
    public string? Topic { get; init; }

    /// <summary>The topic of their calibration; null = <c>camera_info</c> beside <see cref="Topic"/>, when there is one.</summary>
    public string? CameraInfoTopic { get; init; }

    /// <summary>Instead of the recorded calibration.</summary>
    public CameraIntrinsics? Intrinsics { get; init; }

    /// <summary>Decodes CompressedImage; not needed for raw pictures.</summary>
    public IImageDecoder? Decoder { get; init; }

    /// <summary>1 = at the pace of the camera, 2 = twice as fast; null = as fast as the pipeline takes pictures. None is left out either way.</summary>
    public double? Speed { get; init; }

    /// <summary>Begins again at the end.</summary>
    public bool Loop { get; init; }

    /// <summary>How many pictures may be out at once.</summary>
    public int PoolCapacity { get; init; } = 8;

    /// <summary>The clock of the pace and of latencies; stamps are those of the recording.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
