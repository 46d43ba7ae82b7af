namespace VisionBanana.Edge.Calibration;

/// <summary>How many coefficients each distortion model has.</summary>
internal static class LensCoefficients
{
    /// <summary>Says what is wrong with a number of coefficients, or null when it fits.</summary>
    public static string? WhyNot(DistortionModel model, int count) => (model, count) switch
    {
        (DistortionModel.PlumbBob, 4 or 5) or (DistortionModel.RationalPolynomial, 8) or (DistortionModel.Equidistant, 4) => null,
        (DistortionModel.PlumbBob, 8) => "plumb_bob has 4 or 5 coefficients, found 8: the model of these is rational_polynomial",
        (DistortionModel.PlumbBob, _) => $"plumb_bob has 4 or 5 coefficients (k1, k2, p1, p2[, k3]), found {count}",
        (DistortionModel.RationalPolynomial, _) => $"rational_polynomial has 8 coefficients (k1, k2, p1, p2, k3, k4, k5, k6), found {count}",
        _ => $"equidistant has 4 coefficients (k1, k2, k3, k4), found {count}",
    };
}
