namespace VisionBanana.Edge.Calibration;

/// <summary>
/// The undistorted ray of every pixel of a camera, computed once: a point at depth z (metres along the optical axis) is
/// (z · SlopeX, z · SlopeY, z) in the optical frame (x right, y down, z forward). Wide lenses see past what slopes can say:
/// <see cref="Directions"/> holds every ray.
/// </summary>
public sealed class RayTable
{
    // Rows of a band are guessed from those above them; bands are worked out beside each other.
    private const int BandRows = 64;

    private readonly float[] _slopeX;
    private readonly float[] _slopeY;
    private readonly Lazy<float[]> _directions;

    internal RayTable(CameraIntrinsics camera)
    {
        Camera = camera;
        _slopeX = new float[camera.Width * camera.Height];
        _slopeY = new float[camera.Width * camera.Height];
        _directions = new Lazy<float[]>(FindDirections);
        double farthest = Math.Cos(Lens.LargestSlopeAngle);
        ForEachRow(camera, (y, rays) =>
        {
            for (int x = 0, i = y * camera.Width; x < camera.Width; x++, i++)
            {
                (double dx, double dy, double dz) = (rays.X[x], rays.Y[x], rays.Z[x]);
                bool isInFront = dz * dz >= farthest * farthest * ((dx * dx) + (dy * dy) + (dz * dz)) && dz > 0;
                _slopeX[i] = isInFront ? (float)(dx / dz) : float.NaN;
                _slopeY[i] = isInFront ? (float)(dy / dz) : float.NaN;
            }
        });
    }

    /// <summary>The camera whose rays these are.</summary>
    public CameraIntrinsics Camera { get; }

    /// <summary>x/z per pixel, Height × Width, rows from the top; NaN where the lens has no ray, or one further than 89.5° from the axis.</summary>
    public ReadOnlySpan<float> SlopeX => _slopeX;

    /// <summary>y/z per pixel, Height × Width, rows from the top; NaN where the lens has no ray, or one further than 89.5° from the axis.</summary>
    public ReadOnlySpan<float> SlopeY => _slopeY;

    /// <summary>
    /// The unit vector x, y, z per pixel in the optical frame, Height × Width × 3, rows from the top; z is negative where the lens sees
    /// behind itself, all three are NaN where it has no ray. Worked out when it is first asked for.
    /// </summary>
    public ReadOnlySpan<float> Directions => _directions.Value;

    /// <summary>The rays of every pixel; one table serves all who ask for the same camera while somebody holds it.</summary>
    /// <exception cref="ArgumentException">The number of coefficients does not fit the distortion model.</exception>
    public static RayTable Create(CameraIntrinsics camera)
    {
        ArgumentNullException.ThrowIfNull(camera);
        return RayTableCache.Get(camera);
    }

    private float[] FindDirections()
    {
        float[] directions = new float[3 * Camera.Width * Camera.Height];
        ForEachRow(Camera, (y, rays) =>
        {
            for (int x = 0, i = 3 * y * Camera.Width; x < Camera.Width; x++, i += 3)
            {
                (double dx, double dy, double dz) = (rays.X[x], rays.Y[x], rays.Z[x]);
                double scale = 1 / Math.Sqrt((dx * dx) + (dy * dy) + (dz * dz));
                (directions[i], directions[i + 1], directions[i + 2]) = ((float)(dx * scale), (float)(dy * scale), (float)(dz * scale));
            }
        });
        return directions;
    }

    /// <summary>A row of pixels that is no row of the image plane.</summary>
    private static void Lean(CameraIntrinsics camera, int y, RayRow rays)
    {
        for (int x = 0; x < camera.Width; x++)
        {
            (double bentX, double bentY) = camera.Bent(x, y);
            (rays.X[x], rays.Y[x], rays.Z[x]) = camera.Lens.Undistort(bentX, bentY);
        }
    }

    private static void ForEachRow(CameraIntrinsics camera, Action<int, RayRow> use)
    {
        Lens lens = camera.Lens;
        Parallel.For(0, (camera.Height + BandRows - 1) / BandRows, band =>
        {
            double[] places = new double[camera.Width];
            RayRow rays = RayRow.Create(camera.Width), above = RayRow.Create(camera.Width), second = RayRow.Create(camera.Width);
            for (int y = band * BandRows; y < Math.Min((band + 1) * BandRows, camera.Height); y++)
            {
                double row = (y - camera.Cy) / camera.Fy, shift = camera.Cx + (camera.Skew * row);
                for (int x = 0; x < places.Length; x++)
                {
                    places[x] = (x - shift) / camera.Fx;
                }

                rays.Extrapolate(above, second);
                if (camera.SkewY == 0)
                {
                    lens.Undistort(places, row, rays);
                }
                else
                {
                    Lean(camera, y, rays);
                }

                use(y, rays);
                (second, above, rays) = (above, rays, second);
            }
        });
    }
}
