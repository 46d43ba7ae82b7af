namespace VisionBanana.Edge.Calibration;

/// <summary>How the lens bends rays (names as in sensor_msgs/CameraInfo).</summary>
public enum DistortionModel
{
    /// <summary>k1, k2, p1, p2[, k3]: ROS <c>plumb_bob</c>. All zero = a pinhole.</summary>
    PlumbBob,

    /// <summary>k1, k2, p1, p2, k3, k4, k5, k6: ROS <c>rational_polynomial</c>.</summary>
    RationalPolynomial,

    /// <summary>k1, k2, k3, k4 on the angle: ROS <c>equidistant</c> (fisheye).</summary>
    Equidistant,
}
