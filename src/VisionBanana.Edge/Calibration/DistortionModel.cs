namespace VisionBanana.Edge.Calibration;

/// <summary>How the lens bends rays. The first three are those of sensor_msgs/CameraInfo; each is described in <see cref="LensModels"/>.</summary>
public enum DistortionModel
{
    /// <summary>k1, k2, p1, p2[, k3]: ROS <c>plumb_bob</c>. All zero = a pinhole.</summary>
    PlumbBob,

    /// <summary>
    /// k1, k2, p1, p2, k3, k4, k5, k6[, s1, s2, s3, s4[, τx, τy]]: ROS <c>rational_polynomial</c>; with 12 coefficients OpenCV's
    /// thin prism model, with 14 its tilted sensor.
    /// </summary>
    RationalPolynomial,

    /// <summary>k1, k2, k3, k4 on the angle (Kannala–Brandt): ROS <c>equidistant</c>, OpenCV <c>fisheye</c>.</summary>
    Equidistant,

    /// <summary>k1, k2, p1, p2, k3 of the opposite direction: the polynomial takes the bent ray to the straight one (RealSense).</summary>
    InverseBrownConrady,

    /// <summary>ξ, k1, k2, p1, p2: the unified model of Mei with plumb-bob distortion (Kalibr <c>omni</c> + <c>radtan</c>).</summary>
    Omnidirectional,

    /// <summary>ξ, α: double sphere (Usenko, Demmel, Cremers 2018).</summary>
    DoubleSphere,

    /// <summary>α, β: extended unified (Khomutenko, Garcia, Martinet 2016).</summary>
    ExtendedUnified,

    /// <summary>ω in radians: one field-of-view parameter (Devernay, Faugeras 2001).</summary>
    FieldOfView,

    /// <summary>λ: the straight slope is the bent one divided by 1 + λ r² (Fitzgibbon 2001).</summary>
    Division,
}
