using System.Numerics;
using VisionBanana.Edge.Calibration;

namespace VisionBanana.Edge.Tests.Navigation;

/// <summary>
/// A world of a floor, boxes and upright cylinders, of which every ray is known exactly. Its frame is the robot's: x forward, y left, z up, the floor
/// at z = 0.
/// </summary>
internal sealed class Scene
{
    public bool HasFloor { get; init; } = true;

    /// <summary>The floor ends at this x: behind it is a hole.</summary>
    public double FloorEndsAt { get; init; } = double.PositiveInfinity;

    /// <summary>How deep the hole is.</summary>
    public double HoleM { get; init; } = 1;

    public List<(Vector3 Low, Vector3 High)> Boxes { get; init; } = [];

    public List<(Vector2 Centre, float Radius, float Height)> People { get; init; } = [];

    /// <summary>An upright plane at x = so far, as wide and high as the world.</summary>
    public double WallAt { get; init; } = double.PositiveInfinity;

    /// <summary>The depth of every pixel along the optical axis, and what it sees: −1 nothing, 0 the floor, then the wall, boxes and people.</summary>
    public (float[] Depth, int[] What) Render(CameraIntrinsics camera, CameraMount mount)
    {
        float[] depth = new float[camera.Width * camera.Height];
        int[] what = new int[depth.Length];
        for (int i = 0; i < depth.Length; i++)
        {
            (double x, double y) = camera.Unproject(i % camera.Width, i / camera.Width);
            (double dx, double dy, double dz) = mount.Rotation.Rotate(x, y, 1);
            (depth[i], what[i]) = double.IsNaN(x) ? (float.NaN, -1) : Cast((mount.X, mount.Y, mount.Z), (dx, dy, dz));
        }

        return (depth, what);
    }

    /// <summary>
    /// The nearest horizontal distance, among rays of a bearing from the camera, at which something stands between two heights; +∞ when nothing does.
    /// </summary>
    public double RangeAt(CameraMount mount, double bearing, double low, double high, double most)
    {
        (double c, double s) = (Math.Cos(bearing), Math.Sin(bearing));
        double nearest = double.PositiveInfinity;
        if (c > 0)
        {
            nearest = (WallAt - mount.X) / c;
        }

        foreach ((Vector3 a, Vector3 b) in Boxes.Where(b => b.High.Z >= low && b.Low.Z <= high))
        {
            nearest = Math.Min(nearest, Slabs((mount.X, mount.Y, 0), (c, s, 0), (a with { Z = -1 }, b with { Z = 1 })));
        }

        foreach ((Vector2 centre, float radius, float height) in People.Where(p => p.Height >= low))
        {
            nearest = Math.Min(nearest, Circle((mount.X, mount.Y), (c, s), centre, radius));
        }

        return nearest <= most ? nearest : double.PositiveInfinity;
    }

    private (float Depth, int What) Cast((double X, double Y, double Z) from, (double X, double Y, double Z) to)
    {
        (double at, int what) = (double.PositiveInfinity, -1);
        void Hit(double t, int thing)
        {
            if (t > 1e-6 && t < at)
            {
                (at, what) = (t, thing);
            }
        }

        double floor = -from.Z / to.Z, bottom = -(from.Z + HoleM) / to.Z;
        if (HasFloor && floor > 0)
        {
            Hit(from.X + (floor * to.X) <= FloorEndsAt ? floor : bottom, 0);
        }

        Hit((WallAt - from.X) / to.X, 1);
        for (int i = 0; i < Boxes.Count; i++)
        {
            Hit(Slabs(from, to, Boxes[i]), 2 + i);
        }

        for (int i = 0; i < People.Count; i++)
        {
            (Vector2 centre, float radius, float height) = People[i];
            double side = Circle((from.X, from.Y), (to.X, to.Y), centre, radius), z = from.Z + (side * to.Z);
            Hit(z >= 0 && z <= height ? side : double.PositiveInfinity, 2 + Boxes.Count + i);
            double top = (height - from.Z) / to.Z, ox = from.X + (top * to.X) - centre.X, oy = from.Y + (top * to.Y) - centre.Y;
            Hit((ox * ox) + (oy * oy) <= radius * radius ? top : double.PositiveInfinity, 2 + Boxes.Count + i);
        }

        return ((float)at, what);
    }

    private static double Slabs((double X, double Y, double Z) from, (double X, double Y, double Z) to, (Vector3 Low, Vector3 High) box)
    {
        double enter = 0, leave = double.PositiveInfinity;
        foreach ((double o, double d, double a, double b) in new[]
            { (from.X, to.X, (double)box.Low.X, (double)box.High.X), (from.Y, to.Y, box.Low.Y, box.High.Y), (from.Z, to.Z, box.Low.Z, box.High.Z) })
        {
            if (Math.Abs(d) < 1e-12)
            {
                leave = o < a || o > b ? double.NegativeInfinity : leave;
                continue;
            }

            (enter, leave) = (Math.Max(enter, Math.Min((a - o) / d, (b - o) / d)), Math.Min(leave, Math.Max((a - o) / d, (b - o) / d)));
        }

        return enter <= leave && enter > 0 ? enter : double.PositiveInfinity;
    }

    private static double Circle((double X, double Y) from, (double X, double Y) to, Vector2 centre, double radius)
    {
        double x = from.X - centre.X, y = from.Y - centre.Y;
        double a = (to.X * to.X) + (to.Y * to.Y), b = (x * to.X) + (y * to.Y), c = (x * x) + (y * y) - (radius * radius), root = (b * b) - (a * c);
        double t = (-b - Math.Sqrt(root)) / a;
        return root >= 0 && t > 0 ? t : double.PositiveInfinity;
    }
}
