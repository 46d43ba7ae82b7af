namespace VisionBanana.Edge.Calibration;

/// <summary>
/// The undistorted ray of every pixel of a camera, computed once: a point at depth z (metres along the optical axis) is
/// (z · SlopeX, z · SlopeY, z) in the optical frame (x right, y down, z forward).
/// </summary>
public sealed class RayTable
{
    private readonly float[] _slopeX;
    private readonly float[] _slopeY;

    private RayTable(CameraIntrinsics camera)
    {
        Camera = camera;
        _slopeX = new float[camera.Width * camera.Height];
        _slopeY = new float[camera.Width * camera.Height];
        for (int y = 0, i = 0; y < camera.Height; y++)
        {
            for (int x = 0; x < camera.Width; x++, i++)
            {
                (double sx, double sy) = camera.Unproject(x, y);
                _slopeX[i] = (float)sx;
                _slopeY[i] = (float)sy;
            }
        }
    }

    /// <summary>The camera whose rays these are.</summary>
    public CameraIntrinsics Camera { get; }

    /// <summary>x/z per pixel, Height × Width, rows from the top; NaN where the lens has no ray.</summary>
    public ReadOnlySpan<float> SlopeX => _slopeX;

    /// <summary>y/z per pixel, Height × Width, rows from the top; NaN where the lens has no ray.</summary>
    public ReadOnlySpan<float> SlopeY => _slopeY;

    /// <summary>Computes the rays of every pixel.</summary>
    /// <exception cref="ArgumentException">The number of coefficients does not fit the distortion model.</exception>
    public static RayTable Create(CameraIntrinsics camera)
    {
        ArgumentNullException.ThrowIfNull(camera);
        return new RayTable(camera);
    }
}
