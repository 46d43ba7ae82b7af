namespace VisionBanana.Edge.Messages;

/// <summary>
/// One message as it travels: a ROS 2 message in CDR (little endian, 4-byte encapsulation header) and what a consumer
/// without a CDR library needs to read its pixels or points in place. The payload belongs to the lease or owner it came from.
/// </summary>
public sealed class WireMessage
{
    /// <summary>The last part of the topic, e.g. <c>cloud</c>; see <see cref="Streams"/>.</summary>
    public required string Stream { get; init; }

    /// <summary>ROS type, e.g. <c>sensor_msgs/msg/PointCloud2</c>.</summary>
    public required string Schema { get; init; }

    /// <summary>
    /// How the data at <see cref="DataOffset"/> is to be read, e.g. <c>32FC1</c>, <c>jpeg</c>, <c>png</c>, <c>points</c>; empty when there is none.
    /// </summary>
    public string Encoding { get; set; } = "";

    /// <summary>Sequence number of the camera frame.</summary>
    public long SequenceNumber { get; set; }

    /// <summary>Capture time, nanoseconds since the Unix epoch.</summary>
    public long CapturedNs { get; set; }

    /// <summary>The coordinate frame of the data.</summary>
    public string FrameId { get; set; } = "";

    /// <summary>Pixels or points per row, 0 when it does not apply.</summary>
    public int Width { get; set; }

    /// <summary>Rows, 0 when it does not apply.</summary>
    public int Height { get; set; }

    /// <summary>Bytes per pixel or point, 0 for compressed data.</summary>
    public int Step { get; set; }

    /// <summary>Where the pixels, points or compressed bytes begin in <see cref="Payload"/>.</summary>
    public int DataOffset { get; set; }

    /// <summary>How many bytes of data there are.</summary>
    public int DataLength { get; set; }

    /// <summary>The whole message.</summary>
    public ReadOnlyMemory<byte> Payload { get; set; }

    /// <summary>How long state holds when its sender falls silent; null = until it is replaced. A broker forgets it then.</summary>
    public TimeSpan? HoldsFor { get; init; }

    /// <summary>True for state that a late subscriber must get too (camera_info, label info): retained on MQTT, repeated on ZeroMQ.</summary>
    public bool IsState { get; init; }
}
