namespace VisionBanana.Edge.Messages;

/// <summary>The two encodings of depth that ROS knows (REP-118).</summary>
public enum DepthEncoding
{
    /// <summary><c>16UC1</c>: whole millimetres, 0 = no measurement; what is nearer than 0.5 mm or farther than 65.535 m is 0 too.</summary>
    Millimetres,

    /// <summary><c>32FC1</c>: metres; NaN = no measurement, ±∞ = out of range.</summary>
    Metres,
}
