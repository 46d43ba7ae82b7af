using OpenCvSharp;
using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.OpenCv.Pictures;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.OpenCv.Calibration;

/// <summary>A picture of what a calibration does: the original with a grid of straight rays, and beside it the undistorted picture.</summary>
/// <param name="Rgb">Height × Width × 3 bytes.</param>
/// <param name="Width">Pixels per row.</param>
/// <param name="Height">Rows.</param>
/// <param name="RayCoverage">The part of the camera's pixels that have a ray, 0 to 1; the others are red.</param>
/// <param name="FrontCoverage">The part whose ray is at most 89.5° from the axis, 0 to 1; those that look behind the camera are shaded.</param>
public sealed record LensPicture(byte[] Rgb, int Width, int Height, double RayCoverage, double FrontCoverage)
{
    private const int LargestSide = 1600, GridLines = 17, Steps = 200;
    private const double WidestPinholeSlope = 2;

    /// <summary>Draws it.</summary>
    /// <param name="camera">The camera.</param>
    /// <param name="image">A picture of it; null = an empty one.</param>
    /// <exception cref="CameraException">The picture cannot be read or has another aspect ratio than the calibration.</exception>
    public static LensPicture Draw(CameraIntrinsics camera, string? image)
    {
        ArgumentNullException.ThrowIfNull(camera);
        NativeOpenCv.Require();
        using CameraFrame? frame = image is null ? null : PictureFile.Read(image, camera);
        camera = frame?.Intrinsics ?? camera;
        using Mat original = new(camera.Height, camera.Width, MatType.CV_8UC3, Scalar.All(235));
        if (frame is not null)
        {
            using var mats = new Sources.FrameMats();
            mats.Of(frame).CopyTo(original);
        }

        RayTable rays = RayTable.Create(camera);
        (double coverage, double front) = Mask(original, rays);
        CameraIntrinsics pinhole = Pinhole(camera, rays);
        using Mat straight = Undistort(original, camera, pinhole);
        Grid(original, camera, pinhole);
        Grid(straight, pinhole, pinhole);
        using Mat both = new();
        Cv2.HConcat([original, straight], both);
        double scale = Math.Min(1, (double)LargestSide / Math.Max(both.Width, both.Height));
        using Mat small = new(), rgb = new();
        Cv2.Resize(both, small, new Size(Math.Max((int)(both.Width * scale), 1), Math.Max((int)(both.Height * scale), 1)), 0, 0, InterpolationFlags.Area);
        Cv2.CvtColor(small, rgb, ColorConversionCodes.BGR2RGB);
        rgb.GetArray(out Vec3b[] pixels);
        return new LensPicture([.. pixels.SelectMany(p => (byte[])[p.Item0, p.Item1, p.Item2])], rgb.Width, rgb.Height, coverage, front);
    }

    private static (double Rays, double Front) Mask(Mat picture, RayTable rays)
    {
        byte[] none = new byte[rays.SlopeX.Length], behind = new byte[none.Length];
        int seen = 0, inFront = 0;
        ReadOnlySpan<float> directions = rays.Directions;
        for (int i = 0; i < none.Length; i++)
        {
            bool hasRay = float.IsFinite(directions[3 * i]), isInFront = float.IsFinite(rays.SlopeX[i]);
            none[i] = hasRay ? (byte)0 : (byte)255;
            behind[i] = hasRay && !isInFront ? (byte)255 : (byte)0;
            seen += hasRay ? 1 : 0;
            inFront += isInFront ? 1 : 0;
        }

        using Mat mask = new(picture.Rows, picture.Cols, MatType.CV_8UC1), half = new();
        mask.SetArray(behind);
        Cv2.AddWeighted(picture, 0.5, picture, 0, 0, half);
        half.CopyTo(picture, mask);
        mask.SetArray(none);
        picture.SetTo(new Scalar(40, 40, 200), mask);
        return ((double)seen / none.Length, (double)inFront / none.Length);
    }

    /// <summary>A pinhole that sees what the camera sees, as far as 63° to each side.</summary>
    private static CameraIntrinsics Pinhole(CameraIntrinsics camera, RayTable rays)
    {
        double widest = 0.05, highest = 0.05;
        for (int i = 0; i < rays.SlopeX.Length; i++)
        {
            if (float.IsFinite(rays.SlopeX[i]))
            {
                widest = Math.Max(widest, Math.Min(Math.Abs(rays.SlopeX[i]), WidestPinholeSlope));
                highest = Math.Max(highest, Math.Min(Math.Abs(rays.SlopeY[i]), WidestPinholeSlope));
            }
        }

        double focal = Math.Min(camera.Width / (2 * widest), camera.Height / (2 * highest));
        return new CameraIntrinsics(camera.Width, camera.Height, focal, focal, (camera.Width - 1) / 2.0, (camera.Height - 1) / 2.0);
    }

    private static Mat Undistort(Mat original, CameraIntrinsics camera, CameraIntrinsics pinhole)
    {
        float[] mapX = new float[camera.Width * camera.Height], mapY = new float[mapX.Length];
        for (int y = 0, i = 0; y < camera.Height; y++)
        {
            for (int x = 0; x < camera.Width; x++, i++)
            {
                (double px, double py) = camera.Project((x - pinhole.Cx) / pinhole.Fx, (y - pinhole.Cy) / pinhole.Fy);
                (mapX[i], mapY[i]) = double.IsNaN(px) ? (-1e4f, -1e4f) : ((float)px, (float)py);
            }
        }

        using Mat xs = new(camera.Height, camera.Width, MatType.CV_32FC1), ys = new(camera.Height, camera.Width, MatType.CV_32FC1);
        xs.SetArray(mapX);
        ys.SetArray(mapY);
        var result = new Mat();
        Cv2.Remap(original, result, xs, ys, InterpolationFlags.Linear, BorderTypes.Constant, Scalar.All(20));
        return result;
    }

    /// <summary>Draws lines that are straight in the pinhole as the camera sees them.</summary>
    private static void Grid(Mat picture, CameraIntrinsics camera, CameraIntrinsics pinhole)
    {
        for (int line = 0; line < GridLines; line++)
        {
            foreach (bool isColumn in (bool[])[true, false])
            {
                Point? last = null;
                for (int step = 0; step <= Steps; step++)
                {
                    double along = (double)step / Steps, across = (double)line / (GridLines - 1);
                    (double u, double v) = isColumn ? (across, along) : (along, across);
                    (double x, double y) = camera.Project(((u * pinhole.Width) - pinhole.Cx) / pinhole.Fx, ((v * pinhole.Height) - pinhole.Cy) / pinhole.Fy);
                    Point? here = Math.Abs(x) < 1e5 && Math.Abs(y) < 1e5 ? new Point((int)Math.Round(x), (int)Math.Round(y)) : null;
                    if (last is { } from && here is { } to)
                    {
                        Cv2.Line(picture, from, to, new Scalar(180, 120, 0), Math.Max(1, picture.Width / 800), LineTypes.AntiAlias);
                    }

                    last = here;
                }
            }
        }
    }
}
