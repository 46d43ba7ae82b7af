using OpenCvSharp;
using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.OpenCv.Pictures;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.OpenCv.Calibration;

/// <summary>Two pictures of one moment, turned so that what both see lies on the same row: where lines cross a thing differently, the pair is wrong.</summary>
internal static class PairPicture
{
    private const int Lines = 16, LargestSide = 1600;

    /// <summary>Draws the pair side by side as JPEG.</summary>
    /// <param name="left">The left camera.</param>
    /// <param name="right">The right camera.</param>
    /// <param name="pose">The right camera in the left one's frame.</param>
    /// <param name="leftPicture">A picture of the left camera.</param>
    /// <param name="rightPicture">The right one's of the same moment.</param>
    public static byte[] Draw(CameraIntrinsics left, CameraIntrinsics right, CameraPose pose, string leftPicture, string rightPicture)
    {
        double[] axes = Axes(pose);

        // Rows of the rotation into the common frame; the right camera's are expressed in its own frame.
        double[] rightAxes = new double[9];
        for (int i = 0; i < 3; i++)
        {
            for (int j = 0; j < 3; j++)
            {
                rightAxes[(3 * i) + j] = (axes[3 * i] * pose.Matrix[j]) + (axes[(3 * i) + 1] * pose.Matrix[4 + j]) + (axes[(3 * i) + 2] * pose.Matrix[8 + j]);
            }
        }

        double focal = Math.Min(left.Pinhole().Fx, right.Pinhole().Fx);
        using Mat a = Turned(left, axes, focal, leftPicture), b = Turned(right, rightAxes, focal, rightPicture), both = new(), small = new();
        if (b.Size() != a.Size())
        {
            Cv2.CopyMakeBorder(b, b, 0, Math.Max(a.Height - b.Height, 0), 0, 0, BorderTypes.Constant, Scalar.All(0));
            using Mat cut = b[new Rect(0, 0, b.Width, a.Height)];
            Cv2.HConcat([a, cut], both);
        }
        else
        {
            Cv2.HConcat([a, b], both);
        }

        for (int i = 1; i < Lines; i++)
        {
            int y = i * both.Height / Lines;
            Cv2.Line(both, new Point(0, y), new Point(both.Width - 1, y), new Scalar(0, 200, 255), Math.Max(both.Width / 1200, 1));
        }

        double scale = Math.Min(1, (double)LargestSide / Math.Max(both.Width, both.Height));
        Cv2.Resize(both, small, new Size(Math.Max((int)(both.Width * scale), 1), Math.Max((int)(both.Height * scale), 1)), 0, 0, InterpolationFlags.Area);
        Cv2.ImEncode(".jpg", small, out byte[] jpeg, [new ImageEncodingParam(ImwriteFlags.JpegQuality, 85)]);
        return jpeg;
    }

    /// <summary>x along the baseline, z as near as can be to both cameras' own; rows in the left camera's frame.</summary>
    private static double[] Axes(CameraPose pose)
    {
        var m = pose.Matrix;
        (double X, double Y, double Z) x = Unit(m[3], m[7], m[11]), z = Unit(m[2], m[6], 1 + m[10]);
        x = x.X < 0 ? (-x.X, -x.Y, -x.Z) : x;
        (double X, double Y, double Z) y = Unit((z.Y * x.Z) - (z.Z * x.Y), (z.Z * x.X) - (z.X * x.Z), (z.X * x.Y) - (z.Y * x.X));
        z = ((x.Y * y.Z) - (x.Z * y.Y), (x.Z * y.X) - (x.X * y.Z), (x.X * y.Y) - (x.Y * y.X));
        return [x.X, x.Y, x.Z, y.X, y.Y, y.Z, z.X, z.Y, z.Z];
    }

    private static Mat Turned(CameraIntrinsics camera, double[] axes, double focal, string picture)
    {
        using CameraFrame frame = PictureFile.Read(picture, camera);
        using var mats = new FrameMats();
        float[] xs = new float[camera.Width * camera.Height], ys = new float[xs.Length];
        for (int i = 0; i < xs.Length; i++)
        {
            double u = ((i % camera.Width) - ((camera.Width - 1) / 2.0)) / focal, v = ((i / camera.Width) - ((camera.Height - 1) / 2.0)) / focal;
            (double px, double py) = camera.ProjectRay(
                (u * axes[0]) + (v * axes[3]) + axes[6], (u * axes[1]) + (v * axes[4]) + axes[7], (u * axes[2]) + (v * axes[5]) + axes[8]);
            (xs[i], ys[i]) = double.IsNaN(px) ? (-1e4f, -1e4f) : ((float)px, (float)py);
        }

        using Mat mapX = new(camera.Height, camera.Width, MatType.CV_32FC1), mapY = new(camera.Height, camera.Width, MatType.CV_32FC1);
        mapX.SetArray(xs);
        mapY.SetArray(ys);
        var result = new Mat();
        Cv2.Remap(mats.Of(frame), result, mapX, mapY, InterpolationFlags.Linear, BorderTypes.Constant, Scalar.All(20));
        return result;
    }

    private static (double X, double Y, double Z) Unit(double x, double y, double z)
    {
        double length = Math.Sqrt((x * x) + (y * y) + (z * z));
        return (x / length, y / length, z / length);
    }
}
