using OpenCvSharp;
using VisionBanana.Edge.Calibration;

namespace VisionBanana.Edge.OpenCv.Calibration;

/// <summary>Where a board is in the optical frame: R p + t for its points p.</summary>
internal sealed class BoardPose
{
    private readonly double[] _r;

    public BoardPose(ReadOnlySpan<double> rotation, ReadOnlySpan<double> translation)
    {
        (Rotation, Translation) = (rotation.ToArray(), translation.ToArray());
        _r = Matrix(rotation);
    }

    public double[] Rotation { get; }

    public double[] Translation { get; }

    /// <summary>3 × 3, row by row.</summary>
    public ReadOnlySpan<double> R => _r;

    public (double X, double Y, double Z) Place(double x, double y) => (
        (_r[0] * x) + (_r[1] * y) + Translation[0], (_r[3] * x) + (_r[4] * y) + Translation[1], (_r[6] * x) + (_r[7] * y) + Translation[2]);

    public (double X, double Y) Project(CameraIntrinsics camera, double x, double y)
    {
        (double px, double py, double pz) = Place(x, y);
        return camera.Project(px / pz, py / pz);
    }

    /// <summary>The pose of a board seen by a known camera, whatever its lens: the points are straightened first.</summary>
    /// <exception cref="InvalidOperationException">The points do not give a pose.</exception>
    public static BoardPose Find(CameraIntrinsics camera, CalibrationTarget target, IReadOnlyList<FoundPoint> points)
    {
        var board = new List<Point3f>();
        var seen = new List<Point2f>();
        foreach (FoundPoint p in points)
        {
            (double sx, double sy) = camera.Unproject(p.X, p.Y);
            if (!double.IsNaN(sx))
            {
                (double x, double y) = target.Points[p.Index];
                board.Add(new Point3f((float)x, (float)y, 0));
                seen.Add(new Point2f((float)sx, (float)sy));
            }
        }

        if (board.Count < 6)
        {
            throw new InvalidOperationException("Fewer than six points have a ray.");
        }

        using Mat straight = Mat.Eye(3, 3, MatType.CV_64F), none = new(), r = new(), t = new();
        using Mat boardPoints = Mat.FromArray(board), seenPoints = Mat.FromArray(seen);
        Cv2.SolvePnP(boardPoints, seenPoints, straight, none, r, t, false, SolvePnPMethod.Iterative);
        return Of(r, t);
    }

    public static BoardPose Of(Mat rotation, Mat translation) => new(
        [rotation.At<double>(0), rotation.At<double>(1), rotation.At<double>(2)],
            [translation.At<double>(0), translation.At<double>(1), translation.At<double>(2)]);

    private static double[] Matrix(ReadOnlySpan<double> v)
    {
        double angle = Math.Sqrt((v[0] * v[0]) + (v[1] * v[1]) + (v[2] * v[2]));
        if (angle < 1e-12)
        {
            return [1, 0, 0, 0, 1, 0, 0, 0, 1];
        }

        double x = v[0] / angle, y = v[1] / angle, z = v[2] / angle, s = Math.Sin(angle), c = Math.Cos(angle), d = 1 - c;
        return
        [
            c + (x * x * d), (x * y * d) - (z * s), (x * z * d) + (y * s),
            (y * x * d) + (z * s), c + (y * y * d), (y * z * d) - (x * s),
            (z * x * d) - (y * s), (z * y * d) + (x * s), c + (z * z * d),
        ];
    }
}
