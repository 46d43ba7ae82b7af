namespace VisionBanana.Edge.Messages;

/// <summary>How points travel.</summary>
public enum CloudFormat
{
    /// <summary>sensor_msgs/PointCloud2: 24 bytes per point.</summary>
    Plain,

    /// <summary>
    /// point_cloud_interfaces/CompressedPointCloud2 with the same points in a Zstandard frame, as point_cloud_transport's <c>zstd</c> reads it.
    /// </summary>
    Zstd,

    /// <summary>
    /// point_cloud_interfaces/CompressedPointCloud2 with quantised points, as point_cloud_transport's plugin <c>cloudini</c> and Foxglove's extension of
    /// that name read it: float32 in metres again at the reader, within half a step. The smallest of the three.
    /// </summary>
    Cloudini,
}
