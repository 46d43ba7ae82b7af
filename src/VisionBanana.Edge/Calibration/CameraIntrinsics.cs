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
    private Lens? _lens;

    /// <summary>The camera's name in its calibration file.</summary>
    public string Name { get; init; } = "camera";

    /// <summary>How the lens bends rays.</summary>
    public DistortionModel DistortionModel { get; init; } = DistortionModel.PlumbBob;

    /// <summary>The coefficients in the order of <see cref="DistortionModel"/>; empty = all zero.</summary>
    public ImmutableArray<double> Distortion { get; init; } = [];

    /// <summary>
    /// Pixels along x per bent slope along y, for sensors (and calibrators) whose axes are not at right angles: the entry beside fx in the
    /// camera matrix. 0 for nearly every camera.
    /// </summary>
    public double Skew { get; init; }

    /// <summary>
    /// Pixels along y per bent slope along x. 0 for every camera but one with <see cref="Skew"/>, or with a sensor that is tilted both ways, whose
    /// pictures were turned by 90° (<see cref="Turned"/>).
    /// </summary>
    public double SkewY { get; init; }

    /// <summary>True when rays are not bent and axes are square. A fisheye lens bends rays even when its coefficients are zero.</summary>
    public bool IsPinhole => Skew == 0 && SkewY == 0 && Lens.IsStraight;

    /// <summary>Horizontal field of view in degrees of the undistorted pinhole.</summary>
    /// <exception cref="ArgumentException">The coefficients do not fit the model.</exception>
    public double HorizontalFovDegrees
    {
        get
        {
            double focal = Fx * Lens.CentralScale;
            return (Math.Atan((Cx + 0.5) / focal) + Math.Atan((Width - 0.5 - Cx) / focal)) * 180 / Math.PI;
        }
    }

    // A copy made by "with" inherits the cached lens, so the cache is checked against what it was made for.
    internal Lens Lens => _lens is { } lens && lens.Model == DistortionModel && lens.Coefficients == (Distortion.IsDefault ? [] : Distortion)
        ? lens
        : _lens = LensModels.Create(DistortionModel, Distortion);

    /// <summary>
    /// The pixel that sees the ray through (slopeX, slopeY, 1) in the optical frame (x right, y down, z forward).
    /// NaN where the lens model is not defined: beyond the angle at which its polynomial folds back.
    /// </summary>
    /// <param name="slopeX">x/z of the ray.</param>
    /// <param name="slopeY">y/z of the ray.</param>
    /// <returns>Pixel coordinates, which may lie outside the picture.</returns>
    /// <exception cref="ArgumentException">The number of coefficients does not fit the model.</exception>
    public (double X, double Y) Project(double slopeX, double slopeY) => ProjectRay(slopeX, slopeY, 1);

    /// <summary>
    /// The pixel that sees a direction in the optical frame (x right, y down, z forward), which may point behind the camera: fisheye and
    /// omnidirectional lenses see there. NaN where the lens model is not defined.
    /// </summary>
    /// <param name="x">x of the direction, of any length above 0.</param>
    /// <param name="y">y of it.</param>
    /// <param name="z">z of it.</param>
    /// <returns>Pixel coordinates, which may lie outside the picture.</returns>
    /// <exception cref="ArgumentException">The number of coefficients does not fit the model.</exception>
    public (double X, double Y) ProjectRay(double x, double y, double z)
    {
        (x, y) = Lens.Distort(x, y, z);
        return ((Fx * x) + (Skew * y) + Cx, (SkewY * x) + (Fy * y) + Cy);
    }

    /// <summary>
    /// The undistorted ray that a pixel sees, as slopes x/z and y/z in the optical frame; solved to better than 1e-9.
    /// NaN when the lens has no ray for this pixel, or one further than 89.5° from the axis, which <see cref="UnprojectRay"/> gives.
    /// </summary>
    /// <param name="pixelX">Column; integers are pixel centres.</param>
    /// <param name="pixelY">Row; integers are pixel centres.</param>
    /// <exception cref="ArgumentException">The number of coefficients does not fit the model.</exception>
    public (double SlopeX, double SlopeY) Unproject(double pixelX, double pixelY)
    {
        (double x, double y, double z) = Ray(pixelX, pixelY);
        double length = Math.Sqrt((x * x) + (y * y) + (z * z));
        return z >= Math.Cos(Lens.LargestSlopeAngle) * length ? (x / z, y / z) : (double.NaN, double.NaN);
    }

    /// <summary>
    /// The undistorted ray that a pixel sees, as a unit vector in the optical frame (x right, y down, z forward); z is negative where the
    /// lens sees behind itself. NaN when the lens model has no ray for this pixel.
    /// </summary>
    /// <param name="pixelX">Column; integers are pixel centres.</param>
    /// <param name="pixelY">Row; integers are pixel centres.</param>
    /// <exception cref="ArgumentException">The number of coefficients does not fit the model.</exception>
    public (double X, double Y, double Z) UnprojectRay(double pixelX, double pixelY)
    {
        (double x, double y, double z) = Ray(pixelX, pixelY);
        double length = Math.Sqrt((x * x) + (y * y) + (z * z));
        return (x / length, y / length, z / length);
    }

    /// <summary>The same camera without distortion: what a picture undistorted at the same size would have.</summary>
    /// <exception cref="ArgumentException">The coefficients do not fit the model.</exception>
    public CameraIntrinsics Pinhole()
    {
        double scale = Lens.CentralScale;
        return this with { Fx = Fx * scale, Fy = Fy * scale, Skew = 0, SkewY = 0, DistortionModel = DistortionModel.PlumbBob, Distortion = [] };
    }

    /// <summary>Two cameras are equal when every number, the model and the name are.</summary>
    public bool Equals(CameraIntrinsics? other) =>
        other is not null
        && Width == other.Width && Height == other.Height
        && Fx.Equals(other.Fx) && Fy.Equals(other.Fy) && Cx.Equals(other.Cx) && Cy.Equals(other.Cy)
        && Skew.Equals(other.Skew) && SkewY.Equals(other.SkewY) && Name == other.Name && DistortionModel == other.DistortionModel
        && Coefficients(this).SequenceEqual(Coefficients(other));

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Width, Height, Fx, Fy, Cx, Cy, Name, DistortionModel);

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
            Skew = Skew * sx,
            SkewY = SkewY * sy,
            Cx = ((Cx + 0.5) * sx) - 0.5,
            Cy = ((Cy + 0.5) * sy) - 0.5,
        };
    }

    /// <summary>
    /// The intrinsics for pictures of a size: these, or the same scaled when the camera shrinks its whole picture. Another aspect ratio
    /// means that something was cut or stretched, and nobody can tell what.
    /// </summary>
    /// <exception cref="CameraException">The aspect ratio is another one, by more than a pixel.</exception>
    public CameraIntrinsics ScaledTo(int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        return (width, height) == (Width, Height)
            ? this
            : HasAspectOf(width, height)
            ? Resized(width, height)
            : throw new CameraException(
                $"The calibration '{Name}' is for {Width}×{Height}, the pictures are {width}×{height}: another aspect ratio, so that they were cut or "
                + $"stretched. Give the file that was made at this size, or calibrate again at {width}×{height}.");
    }

    /// <summary>True when pictures of a size have the aspect ratio of this camera's, but for the rounding of one pixel.</summary>
    public bool HasAspectOf(int width, int height) =>
        Math.Abs(((double)width * Height / Width) - height) <= 1 || Math.Abs(((double)height * Width / Height) - width) <= 1;

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

    /// <summary>
    /// The camera of the same pictures turned clockwise by quarter turns: what a pixel sees after the turn is what it saw before, turned about the
    /// optical axis. Exact for every model.
    /// </summary>
    /// <param name="quarterTurns">1 = by 90° clockwise; negative = to the left; any number.</param>
    public CameraIntrinsics Turned(int quarterTurns)
    {
        int turns = quarterTurns & 3;
        CameraIntrinsics turned = turns < 2 ? this : this with
        {
            Cx = Width - 1 - Cx,
            Cy = Height - 1 - Cy,
            Distortion = [.. LensTurn.Half(DistortionModel, Coefficients(this))],
        };
        return turns % 2 == 0 ? turned : turned.TurnedClockwise();
    }

    /// <summary>The point of the image plane, at unit focal length, that a pixel shows.</summary>
    internal (double X, double Y) Bent(double pixelX, double pixelY)
    {
        (double x, double y) = (pixelX - Cx, pixelY - Cy);
        if (SkewY != 0)
        {
            double determinant = (Fx * Fy) - (Skew * SkewY);
            return (((Fy * x) - (Skew * y)) / determinant, ((Fx * y) - (SkewY * x)) / determinant);
        }

        y /= Fy;
        return ((x - (Skew * y)) / Fx, y);
    }

    private CameraIntrinsics TurnedClockwise()
    {
        (double[] coefficients, double sin, double cos) = LensTurn.Quarter(DistortionModel, Coefficients(this));

        // Pixels: (x, y) becomes (Height − 1 − y, x). The lens, named anew, is turned by a small angle more when its sensor is tilted both ways.
        (double xx, double xy, double yx, double yy) = (Fy, -SkewY, -Skew, Fx);
        return this with
        {
            Width = Height,
            Height = Width,
            Fx = (xx * cos) + (xy * sin),
            Skew = (xy * cos) - (xx * sin),
            SkewY = (yx * cos) + (yy * sin),
            Fy = (yy * cos) - (yx * sin),
            Cx = Height - 1 - Cy,
            Cy = Cx,
            Distortion = [.. coefficients],
        };
    }

    private (double X, double Y, double Z) Ray(double pixelX, double pixelY)
    {
        (double x, double y) = Bent(pixelX, pixelY);
        return Lens.Undistort(x, y);
    }

    private static ReadOnlySpan<double> Coefficients(CameraIntrinsics camera) => camera.Distortion.IsDefault ? [] : camera.Distortion.AsSpan();
}
