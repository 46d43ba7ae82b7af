using VisionBanana.Edge.Calibration;

namespace VisionBanana.Edge.OpenCv.Calibration;

/// <summary>Where a camera is above the floor, from one picture of a board that lies on it.</summary>
/// <param name="HeightM">Metres above the floor (above the board's face).</param>
/// <param name="PitchDegrees">Degrees by which the camera looks down from the horizon.</param>
/// <param name="RollDegrees">Degrees by which the picture is turned, positive with the camera's left side raised.</param>
/// <param name="Rms">Root mean square of the distances between found and projected points, in pixels.</param>
public sealed record FloorMount(double HeightM, double PitchDegrees, double RollDegrees, double Rms)
{
    private const double LargestRms = 2;

    /// <summary>Solves the mount.</summary>
    /// <param name="camera">The camera's intrinsics.</param>
    /// <param name="target">The board.</param>
    /// <param name="points">The board as it was found in the picture.</param>
    /// <exception cref="CameraException">The board does not fit the camera, or is not seen from above.</exception>
    public static FloorMount Of(CameraIntrinsics camera, CalibrationTarget target, IReadOnlyList<FoundPoint> points)
    {
        ArgumentNullException.ThrowIfNull(camera);
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(points);
        BoardPose pose = BoardPose.Find(camera, target, points);
        double sum = 0;
        foreach (FoundPoint p in points)
        {
            (double x, double y) = pose.Project(camera, target.Points[p.Index].X, target.Points[p.Index].Y);
            sum += ((x - p.X) * (x - p.X)) + ((y - p.Y) * (y - p.Y));
        }

        double rms = Math.Sqrt(sum / points.Count);
        if (!(rms < LargestRms))
        {
            throw new CameraException(FormattableString.Invariant(
                $"The board does not fit this camera: its points are {rms:0.##} pixels off, expected below {LargestRms}. ")
                + "Check the calibration and the size of the squares.");
        }

        // The board's normal, turned towards the camera: that is up when the board lies on the floor.
        double nx = pose.R[2], ny = pose.R[5], nz = pose.R[8];
        double towards = -((nx * pose.Translation[0]) + (ny * pose.Translation[1]) + (nz * pose.Translation[2]));
        double sign = towards < 0 ? -1 : 1;
        (double upX, double upY, double upZ) = (sign * nx, sign * ny, sign * nz);
        return new FloorMount(
            Math.Abs(towards), double.RadiansToDegrees(Math.Asin(Math.Clamp(-upZ, -1, 1))), double.RadiansToDegrees(Math.Atan2(-upX, -upY)), rms);
    }
}
