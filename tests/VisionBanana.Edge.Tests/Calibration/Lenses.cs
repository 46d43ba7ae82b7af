using VisionBanana.Edge.Calibration;

namespace VisionBanana.Edge.Tests.Calibration;

/// <summary>Cameras with real coefficients of each model.</summary>
internal static class Lenses
{
    /// <summary>OpenCV's left board camera, as its sample calibrated it.</summary>
    public static readonly CameraIntrinsics PlumbBob = new(640, 480, 535.915733961632, 535.915733961632, 342.283154733084, 235.570829097882)
    {
        Name = "left",
        Distortion = [-0.266372609096609, -0.0385888989223047, 0.0017831947042853, -2.81221004411155e-4, 0.238391530808785],
    };

    public static readonly CameraIntrinsics Rational = new(1280, 720, 610.2, 609.8, 638.4, 365.1)
    {
        Name = "depth_camera",
        DistortionModel = DistortionModel.RationalPolynomial,
        Distortion = [0.5214, -2.7121, 6.2e-4, -1.9e-4, 1.5604, 0.4012, -2.5203, 1.4812],
    };

    public static readonly CameraIntrinsics Equidistant = new(848, 800, 285.1, 286.0, 421.3, 398.6)
    {
        Name = "fisheye",
        DistortionModel = DistortionModel.Equidistant,
        Distortion = [-0.0071, 0.0428, -0.0403, 0.0073],
    };

    public static CameraIntrinsics ByName(string name) => name switch
    {
        "plumb_bob" => PlumbBob,
        "rational" => Rational,
        _ => Equidistant,
    };
}
