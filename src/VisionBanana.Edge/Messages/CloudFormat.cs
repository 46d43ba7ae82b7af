namespace VisionBanana.Edge.Messages;

/// <summary>How points travel.</summary>
public enum CloudFormat
{
    /// <summary>sensor_msgs/PointCloud2: 24 bytes per point.</summary>
    Plain,

    /// <summary>point_cloud_interfaces/CompressedPointCloud2 with the same points in a Zstandard frame, as point_cloud_transport's <c>zstd</c> reads it.</summary>
    Zstd,
}
