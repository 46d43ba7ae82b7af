using VisionBanana.Edge.Calibration;

namespace VisionBanana.Edge.Perception;

/// <summary>Chooses the pinhole camera that a painter sees: its input size, and the field of view it was trained for if it has one.</summary>
public static class PaintedCamera
{
    /// <summary>
    /// A centred pinhole with square pixels that looks along the optical axis of the source camera. Without a field of view of
    /// its own the painter gets the one of the source (of its undistorted pinhole); where the source's picture is flatter or
    /// narrower than that view, pixels have no source.
    /// </summary>
    /// <param name="source">The camera that takes the pictures; null = not calibrated.</param>
    /// <param name="width">Input width of the painter.</param>
    /// <param name="height">Input height of the painter.</param>
    /// <param name="horizontalFovDegrees">The view the painter was trained for; null = it scales with the focal length.</param>
    /// <param name="fit">How the source's own view comes to the painter's size; of no meaning with a field of view.</param>
    /// <returns>The painted camera, or null without calibration: the picture is only fitted and nothing is metric.</returns>
    public static CameraIntrinsics? For(
        CameraIntrinsics? source, int width, int height, double? horizontalFovDegrees, PictureFit fit = PictureFit.Width)
    {
        if (source is null)
        {
            return null;
        }

        if (horizontalFovDegrees is not null || fit == PictureFit.Width)
        {
            return CameraIntrinsics.FromHorizontalFov(width, height, horizontalFovDegrees ?? source.HorizontalFovDegrees) with { Name = source.Name };
        }

        double across = (double)width / source.Width, down = (double)height / source.Height;
        (double x, double y) = fit switch
        {
            PictureFit.Stretch => (across, down),
            PictureFit.Cover => (Math.Max(across, down), Math.Max(across, down)),
            _ => (Math.Min(across, down), Math.Min(across, down)),
        };
        if (source.IsPinhole)
        {
            // The picture itself, scaled about its middle: the principal point stays where it is in it.
            return new CameraIntrinsics(
                width, height, source.Fx * x, source.Fy * y,
                ((source.Cx - ((source.Width - 1) / 2.0)) * x) + ((width - 1) / 2.0),
                ((source.Cy - ((source.Height - 1) / 2.0)) * y) + ((height - 1) / 2.0))
            { Name = source.Name };
        }

        // A lens without edges of its own: a centred pinhole that is as wide as its view.
        double focal = source.Width / 2.0 / Math.Tan(source.HorizontalFovDegrees * Math.PI / 360);
        return new CameraIntrinsics(width, height, focal * x, focal * y, (width - 1) / 2.0, (height - 1) / 2.0) { Name = source.Name };
    }

    /// <summary>
    /// The part of the source's pixels, 0 to 1, that a painted camera does not show: beyond its edges, or without a ray in front of it. Counted on a
    /// grid of at most 200 × 150 pixels.
    /// </summary>
    /// <param name="source">The camera that takes the pictures.</param>
    /// <param name="painted">What is painted of them.</param>
    /// <param name="view">Where the painted camera looks; null = where the source does.</param>
    public static double LeftOut(CameraIntrinsics source, CameraIntrinsics painted, CameraView? view = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(painted);
        UnitQuaternion turn = view?.Turn ?? UnitQuaternion.Identity;
        var back = new UnitQuaternion(-turn.X, -turn.Y, -turn.Z, turn.W);
        int columns = Math.Min(source.Width, 200), rows = Math.Min(source.Height, 150), shown = 0;
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
            {
                (double slopeX, double slopeY) = source.Unproject(
                    ((column + 0.5) * source.Width / columns) - 0.5, ((row + 0.5) * source.Height / rows) - 0.5);
                (double x, double y, double z) = back.Rotate(slopeX, slopeY, 1);
                (double u, double v) = painted.Project(x / z, y / z);
                shown += z > 0 && u >= -0.5 && u < painted.Width - 0.5 && v >= -0.5 && v < painted.Height - 0.5 ? 1 : 0;
            }
        }

        return 1 - ((double)shown / (columns * rows));
    }
}
