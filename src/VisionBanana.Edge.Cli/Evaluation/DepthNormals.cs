using OpenCvSharp;
using VisionBanana.Edge.Calibration;

namespace VisionBanana.Edge.Cli.Evaluation;

/// <summary>Normals of true depth, where it is smooth enough to have them.</summary>
internal static class DepthNormals
{
    // Points this many pixels apart span the surface: fewer feel the steps of the sensor, more cut corners.
    private const int Reach = 3;
    private const double MostSpread = 0.12;

    /// <summary>Normals in the optical frame, facing the camera, x, y, z per pixel; NaN = none.</summary>
    /// <param name="depth">Metres of a pinhole picture; NaN = not measured.</param>
    /// <param name="camera">The pinhole.</param>
    public static float[] Of(float[] depth, CameraIntrinsics camera)
    {
        int width = camera.Width, height = camera.Height;
        using var raw = Mat.FromPixelData(height, width, MatType.CV_32FC1, depth.Select(d => float.IsFinite(d) ? d : 0f).ToArray());
        using var measured = new Mat();
        Cv2.Compare(raw, Scalar.All(0), measured, CmpTypes.GT);
        using Mat smooth = new(), around = Mat.Ones(MatType.CV_8UC1, (2 * Reach) + 1, (2 * Reach) + 1), whole = new(), highest = new(), lowest = new();
        Cv2.BilateralFilter(raw, smooth, 7, 0.03, 2.0);
        Cv2.Erode(measured, whole, around);
        Cv2.Dilate(smooth, highest, around);
        Cv2.Erode(smooth, lowest, around);
        float[] normals = new float[width * height * 3];
        Array.Fill(normals, float.NaN);
        Span<float> z = smooth.AsSpan<float>(), high = highest.AsSpan<float>(), low = lowest.AsSpan<float>();
        Span<byte> complete = whole.AsSpan<byte>();
        for (int y = Reach; y < height - Reach; y++)
        {
            for (int x = Reach; x < width - Reach; x++)
            {
                int i = (y * width) + x;
                if (complete[i] != 0 && high[i] - low[i] < MostSpread * Math.Max(depth[i], 0.1))
                {
                    Normal(camera, z, x, y, normals.AsSpan(i * 3, 3));
                }
            }
        }

        return normals;
    }

    private static void Normal(CameraIntrinsics camera, ReadOnlySpan<float> z, int x, int y, Span<float> normal)
    {
        (double ax, double ay, double az) = Between(camera, z, x - Reach, y, x + Reach, y);
        (double bx, double by, double bz) = Between(camera, z, x, y - Reach, x, y + Reach);
        double nx = (by * az) - (bz * ay), ny = (bz * ax) - (bx * az), nz = (bx * ay) - (by * ax);
        double length = Math.Sqrt((nx * nx) + (ny * ny) + (nz * nz));
        if (length < 1e-9)
        {
            return;
        }

        // Towards the camera, whose forward is +z.
        double sign = nz > 0 ? -1 / length : 1 / length;
        (normal[0], normal[1], normal[2]) = ((float)(nx * sign), (float)(ny * sign), (float)(nz * sign));
    }

    private static (double X, double Y, double Z) Between(CameraIntrinsics camera, ReadOnlySpan<float> z, int x0, int y0, int x1, int y1)
    {
        double from = z[(y0 * camera.Width) + x0], to = z[(y1 * camera.Width) + x1];
        return (
            (((x1 - camera.Cx) * to) - ((x0 - camera.Cx) * from)) / camera.Fx,
            (((y1 - camera.Cy) * to) - ((y0 - camera.Cy) * from)) / camera.Fy,
            to - from);
    }
}
