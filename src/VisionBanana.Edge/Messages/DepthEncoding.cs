namespace VisionBanana.Edge.Messages;

/// <summary>The two encodings of depth that ROS knows (REP-118), and lossless compressions of the first.</summary>
public enum DepthEncoding
{
    /// <summary><c>16UC1</c>: whole millimetres, 0 = no measurement; what is nearer than 0.5 mm or farther than 65.535 m is 0 too.</summary>
    Millimetres,

    /// <summary><c>32FC1</c>: metres; NaN = no measurement, ±∞ = out of range.</summary>
    Metres,

    /// <summary>
    /// Millimetres as a PNG file behind image_transport's header (<see cref="CompressedDepth"/>): any ROS subscriber of <c>compressedDepth</c> reads it.
    /// </summary>
    CompressedPng,

    /// <summary>
    /// Millimetres as RVL behind image_transport's header: much faster than PNG and somewhat larger. Readers: compressed_depth_image_transport of Noetic and of
    /// Jazzy and later.
    /// </summary>
    Rvl,

    /// <summary>
    /// Millimetres as a Zstandard frame behind the same header and size as RVL: for consumers that are not ROS, whose image_transport does not read it.
    /// </summary>
    Zstd,
}
