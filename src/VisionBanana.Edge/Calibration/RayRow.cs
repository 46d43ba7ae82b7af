namespace VisionBanana.Edge.Calibration;

/// <summary>Directions of one row of pixels in the optical frame, each of any length above 0; NaN where the lens has no ray.</summary>
internal readonly record struct RayRow(double[] X, double[] Y, double[] Z)
{
    public static RayRow Create(int width) => new(NaNs(width), NaNs(width), NaNs(width));

    /// <summary>Guesses this row from the two above it.</summary>
    public void Extrapolate(RayRow above, RayRow second)
    {
        for (int i = 0; i < X.Length; i++)
        {
            X[i] = (2 * above.X[i]) - second.X[i];
            Y[i] = (2 * above.Y[i]) - second.Y[i];
            Z[i] = (2 * above.Z[i]) - second.Z[i];
        }
    }

    private static double[] NaNs(int width)
    {
        double[] values = new double[width];
        values.AsSpan().Fill(double.NaN);
        return values;
    }
}
