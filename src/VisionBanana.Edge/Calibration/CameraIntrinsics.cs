using System.Collections.Immutable;

namespace VisionBanana.Edge.Calibration;

/// <summary>
/// Where each pixel of a picture of one size looks. Pixel centres have integer coordinates: (0, 0) is the centre of the
/// top left pixel, (−0.5, −0.5) its corner. Focal lengths and principal point in pixels of this size.
/// </summary>
/// <param name="Width">Pixels per row of the pictures this belongs to.</param>
/// <param name="Height">Rows of the pictures this belongs to.</param>
/// <param name="Fx">Horizontal focal length in pixels.</param>
/// <param name="Fy">Vertical focal length in pixels.</param>
/// <param name="Cx">Principal point, x.</param>
/// <param name="Cy">Principal point, y.</param>
public sealed record CameraIntrinsics(int Width, int Height, double Fx, double Fy, double Cx, double Cy)
{
    /// <summary>The camera's name in its calibration file.</summary>
    public string Name { get; init; } = "camera";

    /// <summary>How the lens bends rays.</summary>
    public DistortionModel DistortionModel { get; init; } = DistortionModel.PlumbBob;

    /// <summary>The coefficients in the order of <see cref="DistortionModel"/>; empty or all zero = a pinhole.</summary>
    public ImmutableArray<double> Distortion { get; init; } = [];

    /// <summary>True when rays are not bent.</summary>
    public bool IsPinhole => Distortion.IsDefaultOrEmpty || Distortion.All(k => k == 0);

    /// <summary>Horizontal field of view in degrees of the undistorted pinhole.</summary>
    public double HorizontalFovDegrees =>
        (Math.Atan((Cx + 0.5) / Fx) + Math.Atan((Width - 0.5 - Cx) / Fx)) * 180 / Math.PI;

    /// <summary>A centred pinhole with square pixels and the given horizontal field of view.</summary>
    public static CameraIntrinsics FromHorizontalFov(int width, int height, double fovDegrees)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        if (!(fovDegrees is > 1 and < 179))
        {
            throw new ArgumentOutOfRangeException(nameof(fovDegrees), fovDegrees, "A horizontal field of view lies between 1 and 179 degrees.");
        }

        double focal = width / 2.0 / Math.Tan(fovDegrees * Math.PI / 360);
        return new CameraIntrinsics(width, height, focal, focal, (width - 1) / 2.0, (height - 1) / 2.0);
    }

    /// <summary>The intrinsics of the same picture resized to another size.</summary>
    public CameraIntrinsics Resized(int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        double sx = (double)width / Width, sy = (double)height / Height;
        return this with
        {
            Width = width,
            Height = height,
            Fx = Fx * sx,
            Fy = Fy * sy,
            Cx = ((Cx + 0.5) * sx) - 0.5,
            Cy = ((Cy + 0.5) * sy) - 0.5,
        };
    }

    /// <summary>The intrinsics of a rectangle cut out of the picture.</summary>
    public CameraIntrinsics Cropped(int left, int top, int width, int height)
    {
        if (left < 0 || top < 0 || width <= 0 || height <= 0 || left + width > Width || top + height > Height)
        {
            throw new ArgumentOutOfRangeException(
                nameof(left), $"The crop {width}×{height}+{left}+{top} does not lie inside the picture of {Width}×{Height}.");
        }

        return this with { Width = width, Height = height, Cx = Cx - left, Cy = Cy - top };
    }
}
