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

    /// <summary>One camera of every other model, with the coefficients of a real or rendered lens.</summary>
    private static readonly Dictionary<string, CameraIntrinsics> Others = new(StringComparer.Ordinal)
    {
        ["thin_prism"] = Rational with
        {
            Distortion = [0.5214, -2.7121, 6.2e-4, -1.9e-4, 1.5604, 0.4012, -2.5203, 1.4812, 1.2e-3, -4e-4, -9e-4, 3e-4],
        },
        ["tilted"] = Rational with
        {
            Distortion = [0.5214, -2.7121, 6.2e-4, -1.9e-4, 1.5604, 0.4012, -2.5203, 1.4812, 1.2e-3, -4e-4, -9e-4, 3e-4, 0.02, -0.03],
        },
        ["inverse_brown"] = new(640, 480, 611.2, 610.9, 322.1, 239.2)
        {
            DistortionModel = DistortionModel.InverseBrownConrady,
            Distortion = [0.1421, -0.4512, 7.4e-4, -2.1e-4, 0.3804],
        },
        ["omni"] = new(752, 480, 833.4, 832.1, 371.2, 240.9)
        {
            DistortionModel = DistortionModel.Omnidirectional,
            Distortion = [0.81, -0.11, 0.04, 4e-4, -3e-4],
        },
        ["double_sphere"] = new(512, 512, 156.9, 156.8, 254.9, 256.8) { DistortionModel = DistortionModel.DoubleSphere, Distortion = [-0.1764, 0.5915] },
        ["extended_unified"] = new(512, 512, 191.2, 191.1, 254.9, 256.8) { DistortionModel = DistortionModel.ExtendedUnified, Distortion = [0.6311, 1.0412] },
        ["fov"] = new(752, 480, 420.1, 419.9, 371.2, 240.9) { DistortionModel = DistortionModel.FieldOfView, Distortion = [0.9213] },
        ["division"] = new(752, 480, 420.1, 419.9, 371.2, 240.9) { DistortionModel = DistortionModel.Division, Distortion = [-0.2413] },
        ["skewed"] = Equidistant with { Skew = -0.8 },
    };

    public static TheoryData<string> Names => ["plumb_bob", "rational", "equidistant", .. Others.Keys];

    /// <summary>A camera of 640×480 of one of the nine models with any four numbers from −1 to 1 as its coefficients.</summary>
    public static CameraIntrinsics Any(int model, double a, double b, double c, double d)
    {
        (double p, double q) = ((a + 1) / 2, (b + 1) / 2);
        double[] k = (DistortionModel)model switch
        {
            DistortionModel.PlumbBob => [a / 2, b / 2, c / 100, d / 100],
            DistortionModel.RationalPolynomial => [a, b, c / 100, d / 100, c / 4, d / 2, a / 3, b / 8],
            DistortionModel.Equidistant => [a / 8, b / 16, c / 32, d / 64],
            DistortionModel.InverseBrownConrady => [a / 4, b / 4, c / 200, d / 200],
            DistortionModel.Omnidirectional => [2.5 * p, b / 4, c / 8, d / 200, a / 200],
            DistortionModel.DoubleSphere => [a * 0.9, q],
            DistortionModel.ExtendedUnified => [p, 0.2 + (2 * q)],
            DistortionModel.FieldOfView => [0.05 + (2.5 * p)],
            _ => [a],
        };
        return new CameraIntrinsics(640, 480, 200 + (150 * (c + 1)), 200 + (150 * (c + 1)), 317.2, 243.6)
        {
            DistortionModel = (DistortionModel)model,
            Distortion = [.. k],
        };
    }

    public static CameraIntrinsics ByName(string name) => name switch
    {
        "plumb_bob" => PlumbBob,
        "rational" => Rational,
        "equidistant" => Equidistant,
        _ => Others[name],
    };
}
