namespace VisionBanana.Edge.Messages;

/// <summary>Names of pixel layouts as ROS spells them (sensor_msgs/image_encodings.hpp), and of compressed data.</summary>
public static class ImageEncodings
{
    /// <summary>One byte per pixel.</summary>
    public const string Mono8 = "mono8";

    /// <summary>One uint16 per pixel.</summary>
    public const string U16C1 = "16UC1";

    /// <summary>One float32 per pixel.</summary>
    public const string F32C1 = "32FC1";

    /// <summary>Three float32 per pixel.</summary>
    public const string F32C3 = "32FC3";

    /// <summary>A JPEG file.</summary>
    public const string Jpeg = "jpeg";

    /// <summary>A PNG file.</summary>
    public const string Png = "png";

    /// <summary>Points of a PointCloud2.</summary>
    public const string Points = "points";

    /// <summary>16UC1 as PNG behind image_transport's header (<see cref="CompressedDepth"/>).</summary>
    public const string DepthPng = "16UC1; compressedDepth png";

    /// <summary>16UC1 as RVL behind image_transport's header and the size (<see cref="CompressedDepth"/>).</summary>
    public const string DepthRvl = "16UC1; compressedDepth rvl";

    /// <summary>16UC1 as one Zstandard frame behind the same header and size; ours, not image_transport's (<see cref="CompressedDepth"/>).</summary>
    public const string DepthZstd = "16UC1; compressedDepth zstd";

    /// <summary>Points as one Zstandard frame.</summary>
    public const string PointsZstd = "points; zstd";

    /// <summary>Points quantised and packed by Cloudini (<see cref="CloudiniReader"/>).</summary>
    public const string PointsCloudini = "points; cloudini";

    /// <summary>True when the data are points, compressed or not, so that readers need their fields.</summary>
    public static bool HasFields(string encoding) => encoding is Points or PointsZstd or PointsCloudini;

    /// <summary>Bytes per pixel of an uncompressed layout that can appear on a stream, or 0 when the name is not one of them.</summary>
    public static int BytesPerPixel(string encoding) => encoding switch
    {
        Mono8 or "8UC1" => 1,
        U16C1 or "mono16" => 2,
        "rgb8" or "bgr8" or "8UC3" => 3,
        F32C1 => 4,
        F32C3 => 12,
        _ => 0,
    };
}
