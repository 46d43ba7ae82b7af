namespace VisionBanana.Edge.Calibration;

/// <summary>
/// The coefficients of a lens that is turned about its axis. Radial models stay. Decentring and thin prism are vectors in the image plane and turn as
/// such. A tilted sensor turns into another tilt and, when it is tilted both ways, a small turn in the plane that no coefficient holds.
/// </summary>
internal static class LensTurn
{
    /// <summary>Turned by 180°.</summary>
    public static double[] Half(DistortionModel model, ReadOnlySpan<double> coefficients)
    {
        double[] turned = coefficients.ToArray();
        foreach ((int x, int y) in Vectors(model, turned.Length))
        {
            (turned[x], turned[y]) = (-turned[x], -turned[y]);
        }

        if (turned.Length == 14)
        {
            (turned[12], turned[13]) = (-turned[12], -turned[13]);
        }

        return turned;
    }

    /// <summary>Turned clockwise by 90°: (x, y) of the image plane becomes (−y, x).</summary>
    /// <returns>The coefficients, and sine and cosine of the turn in the plane that comes after them, counter to the clock seen along −z.</returns>
    public static (double[] Coefficients, double Sin, double Cos) Quarter(DistortionModel model, ReadOnlySpan<double> coefficients)
    {
        double[] turned = coefficients.ToArray();
        foreach ((int x, int y) in Vectors(model, turned.Length))
        {
            (turned[x], turned[y]) = (-turned[y], turned[x]);
        }

        if (turned.Length != 14 || (turned[12] == 0 && turned[13] == 0))
        {
            return (turned, 0, 1);
        }

        if (turned[12] == 0 || turned[13] == 0)
        {
            // R = Ry(τy) · Rx(τx) with one of them alone: an axis becomes the other one.
            (turned[12], turned[13]) = (-turned[13], turned[12]);
            return (turned, 0, 1);
        }

        // Z · R · Zᵀ with Z: (x, y) → (−y, x), taken apart into a turn in the plane and a tilt again.
        double[] r = SensorTilt.Rotation(turned[12], turned[13]);
        double[] t = [r[4], -r[3], -r[5], -r[1], r[0], r[2], -r[7], r[6], r[8]];
        double tauY = Math.Asin(Math.Clamp(t[6], -1, 1)), tauX = Math.Atan2(-t[7], t[8]);
        (turned[12], turned[13]) = (tauX, tauY);
        double[] tilt = SensorTilt.Rotation(tauX, tauY);

        // The first column of a turn in the plane times the tilt, whose own first column has nothing along y.
        double sin = t[3] / tilt[0], cos = t[0] / tilt[0], length = Math.Sqrt((sin * sin) + (cos * cos));
        return (turned, sin / length, cos / length);
    }

    /// <summary>Places of coefficients that are x and y of a vector: decentring as (p2, p1), thin prism as (s1, s3) and (s2, s4).</summary>
    private static (int X, int Y)[] Vectors(DistortionModel model, int count) => (model, count) switch
    {
        (_, 0) => [],
        (DistortionModel.PlumbBob or DistortionModel.InverseBrownConrady, _) => [(3, 2)],
        (DistortionModel.RationalPolynomial, 8) => [(3, 2)],
        (DistortionModel.RationalPolynomial, _) => [(3, 2), (8, 10), (9, 11)],
        (DistortionModel.Omnidirectional, _) => [(4, 3)],
        _ => [],
    };
}
