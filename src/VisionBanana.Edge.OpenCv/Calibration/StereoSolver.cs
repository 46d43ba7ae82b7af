using OpenCvSharp;
using VisionBanana.Edge.Calibration;

namespace VisionBanana.Edge.OpenCv.Calibration;

/// <summary>Solves where a second camera is, from boards that both see at once.</summary>
public static class StereoSolver
{
    private const int FewestPairs = 3;

    /// <summary>The pose of the right camera in the left one's frame. Intrinsics stay as they are.</summary>
    /// <param name="target">The board.</param>
    /// <param name="left">The left camera.</param>
    /// <param name="right">The right camera.</param>
    /// <param name="pairs">Views of the same board at the same time.</param>
    /// <param name="rms">Root mean square of the distances in the right picture, in pixels, when the board is placed by the left one.</param>
    /// <exception cref="CameraException">There are too few pairs.</exception>
    public static CameraPose Solve(
        CalibrationTarget target, CameraIntrinsics left, CameraIntrinsics right, IReadOnlyList<(BoardView Left, BoardView Right)> pairs, out double rms)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        ArgumentNullException.ThrowIfNull(pairs);
        var board = new List<Mat>();
        var first = new List<Mat>();
        var second = new List<Mat>();
        foreach ((BoardView l, BoardView r) in pairs)
        {
            Dictionary<int, FoundPoint> known = r.Points.ToDictionary(p => p.Index);
            (FoundPoint L, FoundPoint R, double Lx, double Ly, double Rx, double Ry)[] shared =
            [
                .. from p in l.Points
                   where known.ContainsKey(p.Index)
                   let q = known[p.Index]
                   let a = left.Unproject(p.X, p.Y)
                   let b = right.Unproject(q.X, q.Y)
                   where !double.IsNaN(a.SlopeX) && !double.IsNaN(b.SlopeX)
                   select (p, q, a.SlopeX, a.SlopeY, b.SlopeX, b.SlopeY),
            ];
            if (shared.Length >= 6)
            {
                board.Add(Mat.FromArray(shared.Select(s => new Point3f((float)target.Points[s.L.Index].X, (float)target.Points[s.L.Index].Y, 0)).ToArray()));
                first.Add(Mat.FromArray(shared.Select(s => new Point2f((float)s.Lx, (float)s.Ly)).ToArray()));
                second.Add(Mat.FromArray(shared.Select(s => new Point2f((float)s.Rx, (float)s.Ry)).ToArray()));
            }
        }

        if (board.Count < FewestPairs)
        {
            throw new CameraException(
                $"A pair of cameras is solved from {FewestPairs} pairs of pictures at least in which both see the board, found {board.Count}.");
        }

        // Straightened slopes are those of two pinholes of focal length 1: every lens model is solved alike.
        using Mat k1 = Mat.Eye(3, 3, MatType.CV_64F), k2 = Mat.Eye(3, 3, MatType.CV_64F);
        using Mat d1 = new(1, 5, MatType.CV_64F, Scalar.All(0)), d2 = new(1, 5, MatType.CV_64F, Scalar.All(0)), r12 = new(), t12 = new(), e = new(), f = new();
        Cv2.StereoCalibrate(
            board, first, second, k1, d1, k2, d2, new Size(left.Width, left.Height), r12, t12, e, f, CalibrationFlags.FixIntrinsic,
            new TermCriteria(CriteriaTypes.Count | CriteriaTypes.Eps, 100, 1e-12));
        foreach (Mat mat in (Mat[])[.. board, .. first, .. second])
        {
            mat.Dispose();
        }

        double[] m = new double[16];
        for (int i = 0; i < 3; i++)
        {
            for (int j = 0; j < 3; j++)
            {
                // OpenCV takes points from the left into the right camera: the pose is the other way round.
                m[(4 * i) + j] = r12.At<double>(j, i);
            }

            m[(4 * i) + 3] = -(
                (r12.At<double>(0, i) * t12.At<double>(0)) + (r12.At<double>(1, i) * t12.At<double>(1)) + (r12.At<double>(2, i) * t12.At<double>(2)));
        }

        m[15] = 1;
        rms = Transfer(target, left, right, pairs, r12, t12);
        return new CameraPose("left", [.. m]);
    }

    private static double Transfer(
        CalibrationTarget target, CameraIntrinsics left, CameraIntrinsics right, IReadOnlyList<(BoardView Left, BoardView Right)> pairs, Mat r, Mat t)
    {
        double sum = 0;
        int count = 0;
        foreach ((BoardView l, BoardView q) in pairs)
        {
            BoardPose pose = BoardPose.Find(left, target, l.Points);
            foreach (FoundPoint p in q.Points)
            {
                (double x, double y, double z) = pose.Place(target.Points[p.Index].X, target.Points[p.Index].Y);
                double rx = (r.At<double>(0, 0) * x) + (r.At<double>(0, 1) * y) + (r.At<double>(0, 2) * z) + t.At<double>(0);
                double ry = (r.At<double>(1, 0) * x) + (r.At<double>(1, 1) * y) + (r.At<double>(1, 2) * z) + t.At<double>(1);
                double rz = (r.At<double>(2, 0) * x) + (r.At<double>(2, 1) * y) + (r.At<double>(2, 2) * z) + t.At<double>(2);
                (double px, double py) = right.Project(rx / rz, ry / rz);
                if (!double.IsNaN(px))
                {
                    sum += ((px - p.X) * (px - p.X)) + ((py - p.Y) * (py - p.Y));
                    count++;
                }
            }
        }

        return Math.Sqrt(sum / Math.Max(count, 1));
    }
}
