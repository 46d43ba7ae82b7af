namespace VisionBanana.Edge.Calibration;

/// <summary>The homography of a sensor that is tilted against the lens (Scheimpflug), by OpenCV's angles τx and τy in radians.</summary>
internal sealed class SensorTilt
{
    private readonly double[] _apply;
    private readonly double[] _undo;

    public SensorTilt(double tauX, double tauY)
    {
        // The projection back along z onto the plane z = 1 after the rotation.
        double[] rotation = Rotation(tauX, tauY);
        _apply = Multiply([rotation[8], 0, -rotation[2], 0, rotation[8], -rotation[5], 0, 0, 1], rotation);
        _undo = Invert(_apply);
    }

    /// <summary>The rotation about y after the one about x, row by row.</summary>
    public static double[] Rotation(double tauX, double tauY)
    {
        double cx = Math.Cos(tauX), sx = Math.Sin(tauX), cy = Math.Cos(tauY), sy = Math.Sin(tauY);
        return [cy, sy * sx, -sy * cx, 0, cx, sx, sy, -cy * sx, cy * cx];
    }

    public (double X, double Y) Apply(double x, double y) => Map(_apply, x, y);

    public (double X, double Y) Undo(double x, double y) => Map(_undo, x, y);

    private static (double X, double Y) Map(double[] m, double x, double y)
    {
        double w = (m[6] * x) + (m[7] * y) + m[8];
        return w > 0 ? (((m[0] * x) + (m[1] * y) + m[2]) / w, ((m[3] * x) + (m[4] * y) + m[5]) / w) : (double.NaN, double.NaN);
    }

    private static double[] Multiply(double[] a, double[] b)
    {
        double[] product = new double[9];
        for (int i = 0; i < 9; i++)
        {
            int row = i / 3 * 3, column = i % 3;
            product[i] = (a[row] * b[column]) + (a[row + 1] * b[column + 3]) + (a[row + 2] * b[column + 6]);
        }

        return product;
    }

    private static double[] Invert(double[] m)
    {
        double[] adjugate =
        [
            (m[4] * m[8]) - (m[5] * m[7]), (m[2] * m[7]) - (m[1] * m[8]), (m[1] * m[5]) - (m[2] * m[4]),
            (m[5] * m[6]) - (m[3] * m[8]), (m[0] * m[8]) - (m[2] * m[6]), (m[2] * m[3]) - (m[0] * m[5]),
            (m[3] * m[7]) - (m[4] * m[6]), (m[1] * m[6]) - (m[0] * m[7]), (m[0] * m[4]) - (m[1] * m[3]),
        ];
        double determinant = (m[0] * adjugate[0]) + (m[1] * adjugate[3]) + (m[2] * adjugate[6]);
        return [.. adjugate.Select(a => a / determinant)];
    }
}
