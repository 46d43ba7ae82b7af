using VisionBanana.Edge.Calibration;

namespace VisionBanana.Edge.OpenCv.Calibration;

/// <summary>
/// Standard deviations of a solution's intrinsics by linear theory: the normal equations of all views, with the poses eliminated, and the
/// noise that the residuals show.
/// </summary>
internal static class SolutionDeviations
{
    private const int PoseParameters = 6;

    public static double[] Of(CalibrationTarget target, IReadOnlyList<BoardView> views, CameraIntrinsics camera, IReadOnlyList<BoardPose> poses)
    {
        double[] start = [camera.Fx, camera.Fy, camera.Cx, camera.Cy, .. camera.Distortion];
        int n = start.Length;
        double[,] normal = new double[n, n];
        double squares = 0;
        int equations = 0;
        double[] jacobian = new double[2 * (n + PoseParameters)];
        for (int v = 0; v < views.Count; v++)
        {
            double[] pose = [.. poses[v].Rotation, .. poses[v].Translation];
            double[,] aa = new double[n, n], ab = new double[n, PoseParameters], bb = new double[PoseParameters, PoseParameters];
            CameraIntrinsics[] cameras = [.. Enumerable.Range(0, n).Select(i => With(camera, start, i, Step(start[i])))];
            BoardPose[] moved = [.. Enumerable.Range(0, PoseParameters).Select(i => Moved(pose, i, 1e-6))];
            foreach (FoundPoint p in views[v].Points)
            {
                (double bx, double by) = target.Points[p.Index];
                (double x, double y) = poses[v].Project(camera, bx, by);
                if (double.IsNaN(x))
                {
                    continue;
                }

                for (int i = 0; i < n + PoseParameters; i++)
                {
                    double step = i < n ? Step(start[i]) : 1e-6;
                    (double mx, double my) = i < n ? poses[v].Project(cameras[i], bx, by) : moved[i - n].Project(camera, bx, by);
                    (jacobian[2 * i], jacobian[(2 * i) + 1]) = ((mx - x) / step, (my - y) / step);
                }

                squares += ((x - p.X) * (x - p.X)) + ((y - p.Y) * (y - p.Y));
                equations += 2;
                for (int i = 0; i < n + PoseParameters; i++)
                {
                    for (int j = 0; j < n + PoseParameters; j++)
                    {
                        double product = (jacobian[2 * i] * jacobian[2 * j]) + (jacobian[(2 * i) + 1] * jacobian[(2 * j) + 1]);
                        if (i < n && j < n)
                        {
                            aa[i, j] += product;
                        }
                        else if (i < n)
                        {
                            ab[i, j - n] += product;
                        }
                        else if (j >= n)
                        {
                            bb[i - n, j - n] += product;
                        }
                    }
                }
            }

            if (Inverse(bb) is { } inverse)
            {
                Subtract(normal, aa, ab, inverse);
            }
        }

        int free = equations - n - (PoseParameters * views.Count);
        double[,]? covariance = free > 0 ? Inverse(normal) : null;
        return [.. Enumerable.Range(0, n).Select(i => covariance is null ? double.NaN : Math.Sqrt(covariance[i, i] * squares / free))];
    }

    private static double Step(double value) => 1e-6 * Math.Max(1, Math.Abs(value));

    private static CameraIntrinsics With(CameraIntrinsics camera, double[] start, int index, double step)
    {
        double[] p = [.. start];
        p[index] += step;
        return camera with { Fx = p[0], Fy = p[1], Cx = p[2], Cy = p[3], Distortion = [.. p.AsSpan(4)] };
    }

    private static BoardPose Moved(double[] pose, int index, double step)
    {
        double[] p = [.. pose];
        p[index] += step;
        return new BoardPose(p.AsSpan(0, 3), p.AsSpan(3, 3));
    }

    /// <summary>Adds A − B C⁻¹ Bᵀ to the sum.</summary>
    private static void Subtract(double[,] sum, double[,] a, double[,] b, double[,] inverse)
    {
        int n = a.GetLength(0);
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
            {
                double value = a[i, j];
                for (int k = 0; k < PoseParameters; k++)
                {
                    for (int l = 0; l < PoseParameters; l++)
                    {
                        value -= b[i, k] * inverse[k, l] * b[j, l];
                    }
                }

                sum[i, j] += value;
            }
        }
    }

    /// <summary>Gauss–Jordan of a symmetric matrix, scaled to a diagonal of ones first; null when it has no inverse.</summary>
    private static double[,]? Inverse(double[,] matrix)
    {
        int n = matrix.GetLength(0);
        double[] scale = new double[n];
        double[,] m = new double[n, 2 * n];
        for (int i = 0; i < n; i++)
        {
            scale[i] = matrix[i, i] > 0 ? 1 / Math.Sqrt(matrix[i, i]) : 0;
            if (scale[i] == 0)
            {
                return null;
            }
        }

        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
            {
                m[i, j] = matrix[i, j] * scale[i] * scale[j];
            }

            m[i, n + i] = 1;
        }

        for (int column = 0; column < n; column++)
        {
            int pivot = Enumerable.Range(column, n - column).MaxBy(r => Math.Abs(m[r, column]));
            if (Math.Abs(m[pivot, column]) < 1e-13)
            {
                return null;
            }

            for (int j = 0; j < 2 * n; j++)
            {
                (m[column, j], m[pivot, j]) = (m[pivot, j], m[column, j]);
            }

            double divisor = m[column, column];
            for (int j = 0; j < 2 * n; j++)
            {
                m[column, j] /= divisor;
            }

            for (int i = 0; i < n; i++)
            {
                double factor = i == column ? 0 : m[i, column];
                for (int j = 0; factor != 0 && j < 2 * n; j++)
                {
                    m[i, j] -= factor * m[column, j];
                }
            }
        }

        double[,] inverse = new double[n, n];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
            {
                inverse[i, j] = m[i, n + j] * scale[i] * scale[j];
            }
        }

        return inverse;
    }
}
