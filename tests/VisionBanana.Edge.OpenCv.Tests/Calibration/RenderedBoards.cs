using System.Collections.Concurrent;
using OpenCvSharp;
using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.OpenCv.Calibration;

namespace VisionBanana.Edge.OpenCv.Tests.Calibration;

/// <summary>Renderings of printed boards, seen by cameras that are known.</summary>
internal static class RenderedBoards
{
    public static readonly CameraIntrinsics Known = new(640, 480, 520.3, 519.1, 325.2, 236.4) { Distortion = [-0.21, 0.06, 0.0008, -0.0005, 0.01] };

    public static readonly CameraIntrinsics KnownFisheye = new(640, 480, 231.4, 231.9, 322.2, 238.4)
    {
        DistortionModel = DistortionModel.Equidistant,
        Distortion = [0.021, -0.012, 0.004, -0.001],
    };

    private static readonly ConcurrentDictionary<CameraIntrinsics, (double X, double Y)[]> RaysOf = [];

    public static CalibrationTarget Make(string kind) => kind switch
    {
        "chessboard" => new ChessboardTarget(9, 6, 0.025),
        "charuco" => new CharucoTarget(8, 6, 0.032),
        _ => new AprilGridTarget(6, 5, 0.035),
    };

    public static (double X, double Y, double Z) Inverse(CameraMount mount, double x, double y, double z)
    {
        UnitQuaternion q = mount.Rotation;
        return new UnitQuaternion(-q.X, -q.Y, -q.Z, q.W).Rotate(x - mount.X, y - mount.Y, z - mount.Z);
    }

    private static (double X, double Y)[] Rays(CameraIntrinsics camera)
    {
        var rays = new (double X, double Y)[camera.Width * camera.Height * 9];
        for (int i = 0; i < rays.Length; i++)
        {
            int pixel = i / 9, s = i % 9;
            rays[i] = camera.Unproject((pixel % camera.Width) + (((s % 3) - 1) / 3.0), (pixel / camera.Width) + (((s / 3) - 1) / 3.0));
        }

        return rays;
    }

    /// <summary>Views from everywhere: the board turned, tilted, near, far and in the corners.</summary>
    public static IEnumerable<Mat> Render(CalibrationTarget target, CameraIntrinsics camera)
    {
        double near = camera.DistortionModel == DistortionModel.Equidistant ? 0.5 : 1;
        for (int i = 0; i < 16; i++)
        {
            double a = 0.55 * Math.Sin(i * 1.7), b = 0.5 * Math.Cos(i * 2.3), c = 0.25 * Math.Sin(i * 0.9), z = near * (0.42 + (0.03 * (i % 6)));
            double dx = near * 0.11 * (((i * 5) % 7) - 3) / 3, dy = near * 0.07 * (((i * 3) % 5) - 2) / 2;
            var rotation = UnitQuaternion.FromRpy(a, b, c);
            (double width, double height) = target.Size;
            yield return RenderPlane(target, camera, (x, y) =>
            {
                (double px, double py, double pz) = rotation.Rotate(x - (width / 2), y - (height / 2), 0);
                return (px + dx, py + dy, pz + z);
            });
        }
    }

    /// <summary>Draws the printed board as the camera sees it, 3 × 3 rays per pixel.</summary>
    /// <param name="target">The board.</param>
    /// <param name="camera">The camera.</param>
    /// <param name="place">Where a point of the sheet (metres from its top left corner) is in the optical frame.</param>
    public static Mat RenderPlane(CalibrationTarget target, CameraIntrinsics camera, Func<double, double, (double X, double Y, double Z)> place)
    {
        const double Cell = 0.0005;
        (double width, double height) = target.Size;
        int columns = (int)Math.Ceiling(width / Cell) + 80, rows = (int)Math.Ceiling(height / Cell) + 80;
        bool[] dark = new bool[columns * rows];
        foreach (DarkRectangle r in target.Print())
        {
            for (int y = (int)Math.Round(r.Y / Cell); y < (int)Math.Round((r.Y + r.Height) / Cell); y++)
            {
                Array.Fill(
                    dark, true, ((y + 40) * columns) + 40 + (int)Math.Round(r.X / Cell), (int)Math.Round((r.X + r.Width) / Cell) - (int)Math.Round(r.X / Cell));
            }
        }

        (double X, double Y, double Z) o = place(0, 0), ex = place(1, 0), ey = place(0, 1);
        (double X, double Y, double Z) u = (ex.X - o.X, ex.Y - o.Y, ex.Z - o.Z), v = (ey.X - o.X, ey.Y - o.Y, ey.Z - o.Z);
        (double X, double Y, double Z) n = ((u.Y * v.Z) - (u.Z * v.Y), (u.Z * v.X) - (u.X * v.Z), (u.X * v.Y) - (u.Y * v.X));
        double distance = (n.X * o.X) + (n.Y * o.Y) + (n.Z * o.Z);
        byte[] pixels = new byte[camera.Width * camera.Height];
        (double X, double Y)[] rays = RaysOf.GetOrAdd(camera, Rays);
        for (int py = 0; py < camera.Height; py++)
        {
            for (int px = 0; px < camera.Width; px++)
            {
                int sum = 0;
                for (int s = 0; s < 9; s++)
                {
                    (double sx, double sy) = rays[(((py * camera.Width) + px) * 9) + s];
                    double t = distance / ((n.X * sx) + (n.Y * sy) + n.Z);
                    (double x, double y, double z) = ((t * sx) - o.X, (t * sy) - o.Y, t - o.Z);
                    double bx = ((x * u.X) + (y * u.Y) + (z * u.Z)) / Cell, by = ((x * v.X) + (y * v.Y) + (z * v.Z)) / Cell;
                    int column = (int)Math.Floor(bx) + 40, row = (int)Math.Floor(by) + 40;
                    bool isOnSheet = t > 0 && column >= 0 && row >= 0 && column < columns && row < rows;
                    sum += !isOnSheet ? 110 : dark[(row * columns) + column] ? 25 : 225;
                }

                pixels[(py * camera.Width) + px] = (byte)(sum / 9);
            }
        }

        var picture = new Mat(camera.Height, camera.Width, MatType.CV_8UC1);
        picture.SetArray(pixels);
        return picture;
    }
}
