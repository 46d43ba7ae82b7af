namespace VisionBanana.Edge.Scale;

/// <summary>How a camera moved: turns and shifts points of the first picture's optical frame into the second's.</summary>
internal readonly record struct Motion(
    double R00, double R01, double R02, double R10, double R11, double R12, double R20, double R21, double R22, double X, double Y, double Z)
{
    public static Motion None { get; } = new(1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0);

    public (double X, double Y, double Z) Apply(double x, double y, double z) => (
        (R00 * x) + (R01 * y) + (R02 * z) + X, (R10 * x) + (R11 * y) + (R12 * z) + Y, (R20 * x) + (R21 * y) + (R22 * z) + Z);

    /// <summary>This motion, then a small one: a shift and a turn about the axes in radians.</summary>
    public Motion Then(ReadOnlySpan<double> step)
    {
        double a = step[3], b = step[4], c = step[5], angle = Math.Sqrt((a * a) + (b * b) + (c * c));
        double s = angle > 1e-9 ? Math.Sin(angle) / angle : 1, k = angle > 1e-9 ? (1 - Math.Cos(angle)) / (angle * angle) : 0.5;
        double t00 = 1 - (k * ((b * b) + (c * c))), t01 = (k * a * b) - (s * c), t02 = (k * a * c) + (s * b);
        double t10 = (k * a * b) + (s * c), t11 = 1 - (k * ((a * a) + (c * c))), t12 = (k * b * c) - (s * a);
        double t20 = (k * a * c) - (s * b), t21 = (k * b * c) + (s * a), t22 = 1 - (k * ((a * a) + (b * b)));
        return new Motion(
            (t00 * R00) + (t01 * R10) + (t02 * R20), (t00 * R01) + (t01 * R11) + (t02 * R21), (t00 * R02) + (t01 * R12) + (t02 * R22),
            (t10 * R00) + (t11 * R10) + (t12 * R20), (t10 * R01) + (t11 * R11) + (t12 * R21), (t10 * R02) + (t11 * R12) + (t12 * R22),
            (t20 * R00) + (t21 * R10) + (t22 * R20), (t20 * R01) + (t21 * R11) + (t22 * R21), (t20 * R02) + (t21 * R12) + (t22 * R22),
            (t00 * X) + (t01 * Y) + (t02 * Z) + step[0], (t10 * X) + (t11 * Y) + (t12 * Z) + step[1], (t20 * X) + (t21 * Y) + (t22 * Z) + step[2]);
    }
}
