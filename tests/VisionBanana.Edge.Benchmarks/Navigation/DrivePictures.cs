using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Tests.Navigation;

namespace VisionBanana.Edge.Benchmarks.Navigation;

/// <summary>What a camera sees on a drive: tiles, painted walls, cardboard and cloth in the light of a lamp, in RGB.</summary>
internal static class DrivePictures
{
    /// <summary>Paints a scene into a picture.</summary>
    public static void Paint(Scene scene, CameraIntrinsics camera, CameraMount mount, Span<byte> rgb)
    {
        (float[] depth, int[] what) = scene.Render(camera, mount);
        for (int i = 0; i < depth.Length; i++)
        {
            (double sx, double sy) = camera.Unproject(i % camera.Width, i / camera.Width);
            float z = float.IsFinite(depth[i]) ? depth[i] : 30;
            (double x, double y, double up) = mount.ToParent(sx * z, sy * z, z);
            (double r, double g, double b) = Surface(scene, what[i], x, y, up);
            double light = (0.55 + (0.45 / (1 + (0.04 * z * z)))) * (0.97 + (0.06 * Noise(x * 40, y * 40, up * 40)));
            (rgb[3 * i], rgb[(3 * i) + 1], rgb[(3 * i) + 2]) = (Byte(r * light), Byte(g * light), Byte(b * light));
        }
    }

    private static (double R, double G, double B) Surface(Scene scene, int what, double x, double y, double up) => what switch
    {
        < 0 => (0.75, 0.78, 0.8),
        0 => Tile(x, y) ? (0.5, 0.4, 0.3) : (0.62, 0.52, 0.4),
        1 => up < 0.1 ? (0.9, 0.9, 0.88) : (0.78, 0.75, 0.66),
        _ when what - 2 < scene.Boxes.Count && scene.Boxes[what - 2].High.Z > 2 => up < 0.1 ? (0.9, 0.9, 0.88) : (0.72, 0.76, 0.74),
        _ when what - 2 < scene.Boxes.Count => Noise(x * 6, y * 6, up * 6) > 0.7 ? (0.5, 0.36, 0.22) : (0.6, 0.45, 0.28),
        _ => up > 1.45 ? (0.8, 0.6, 0.5) : up > 0.85 ? (0.2, 0.25, 0.5) : (0.18, 0.18, 0.2),
    };

    private static bool Tile(double x, double y) => (((int)Math.Floor(x / 0.4) + (int)Math.Floor(y / 0.4)) & 1) == 0;

    /// <summary>0 to 1, the same for the same place.</summary>
    private static double Noise(double x, double y, double z)
    {
        uint hash = unchecked(((uint)(int)Math.Floor(x) * 73856093u) ^ ((uint)(int)Math.Floor(y) * 19349663u) ^ ((uint)(int)Math.Floor(z) * 83492791u));
        hash = unchecked((hash ^ (hash >> 13)) * 1274126177u);
        return ((hash ^ (hash >> 16)) & 0xffff) / 65535.0;
    }

    private static byte Byte(double value) => (byte)Math.Clamp(value * 255, 0, 255);
}
