using VisionBanana.Edge.Calibration;

namespace VisionBanana.Edge.Onnx.Painting;

/// <summary>A tensor of points x, y, z in the optical frame, as three planes or three numbers per pixel.</summary>
internal sealed class PointMap(int width, int height, bool interleaved)
{
    // The mask of a network says so far that a pixel has a place.
    private const float LeastTrust = 0.5f;
    private const int Step = 3, Rounds = 8;
    private const double Nearest = 1e-3;

    private readonly int _pixel = interleaved ? 3 : 1, _axis = interleaved ? 1 : width * height;

    /// <summary>
    /// The shift along z that puts points on the rays of the camera: networks that know shapes but no focal length leave it open.
    /// Least squares of the distance between a point's slope and its pixel's, by reweighting; pixels that are not trusted are left out.
    /// </summary>
    /// <param name="points">The tensor.</param>
    /// <param name="trust">0–1 per pixel; may be empty.</param>
    /// <param name="painted">The pinhole, at any size.</param>
    public double ShiftFor(ReadOnlySpan<float> points, ReadOnlySpan<float> trust, CameraIntrinsics painted)
    {
        CameraIntrinsics camera = painted.Resized(width, height);
        double shift = 0;
        for (int round = 0; round < Rounds; round++)
        {
            double above = 0, below = 0;
            for (int y = 0; y < height; y += Step)
            {
                double v = (y - camera.Cy) / camera.Fy;
                for (int x = 0; x < width; x += Step)
                {
                    int i = (y * width) + x;
                    if (!trust.IsEmpty && !(trust[i] > LeastTrust))
                    {
                        continue;
                    }

                    double u = (x - camera.Cx) / camera.Fx;
                    float px = points[i * _pixel], py = points[(i * _pixel) + _axis], pz = points[(i * _pixel) + (2 * _axis)];
                    if (!float.IsFinite(px + py + pz))
                    {
                        continue;
                    }

                    // Slopes are divided by z: the first round does not know it yet.
                    double z = round == 0 ? 1 : Math.Max(pz + shift, Nearest), weight = 1 / (z * z);
                    above += weight * ((u * (px - (u * pz))) + (v * (py - (v * pz))));
                    below += weight * ((u * u) + (v * v));
                }
            }

            if (!(below > 0))
            {
                break;
            }

            shift = above / below;
        }

        return shift;
    }

    /// <summary>Metres = (z + shift) · factor; NaN where that is not above 0 and where a pixel is not trusted.</summary>
    public void ToDepth(ReadOnlySpan<float> points, ReadOnlySpan<float> trust, float shift, float factor, Span<float> depth)
    {
        for (int i = 0; i < depth.Length; i++)
        {
            float metres = (points[(i * _pixel) + (2 * _axis)] + shift) * factor;
            depth[i] = metres > 0 && (trust.IsEmpty || trust[i] > LeastTrust) ? metres : float.NaN;
        }
    }
}
