using OpenCvSharp;
using VisionBanana.Edge.Calibration;

namespace VisionBanana.Edge.OpenCv.Calibration;

/// <summary>Where a camera is on its robot, from one picture of a marker whose place is known.</summary>
/// <param name="Mount">The camera's pose.</param>
/// <param name="Rms">Root mean square of the distances between found and projected corners, in pixels.</param>
/// <param name="DistanceM">Metres from the camera to the marker's middle.</param>
public sealed record MarkerMount(CameraMount Mount, double Rms, double DistanceM)
{
    private const double LargestRms = 2, SamePoseDegrees = 2, Ambiguous = 1.5, Noise = 0.05;

    /// <summary>Solves the mount.</summary>
    /// <param name="camera">The camera's intrinsics.</param>
    /// <param name="marker">The marker.</param>
    /// <param name="corners">Its corners as they were found in the picture.</param>
    /// <param name="parent">The robot's frame.</param>
    /// <param name="x">Metres of the marker's middle along the parent's x.</param>
    /// <param name="y">Metres along the parent's y.</param>
    /// <param name="z">Metres along the parent's z.</param>
    /// <param name="rotation">
    /// The marker's axes in the parent: x out of its face, y to the left of one who looks that way, z to its printed top. Without a rotation
    /// its face looks along the parent's x; turned by a yaw of 180° it faces a robot that looks along x.
    /// </param>
    /// <exception cref="CameraException">The corners do not fit the camera, or say too little about the pose.</exception>
    public static MarkerMount Of(
        CameraIntrinsics camera, MarkerTarget marker, IReadOnlyList<FoundPoint> corners, string parent, double x, double y, double z, UnitQuaternion rotation)
    {
        ArgumentNullException.ThrowIfNull(camera);
        ArgumentNullException.ThrowIfNull(marker);
        ArgumentNullException.ThrowIfNull(corners);
        if (corners.Count != 4)
        {
            throw new CameraException($"A marker has four corners, found {corners.Count}.");
        }

        float h = (float)(marker.Side / 2);
        Point3f[] places = [new(-h, h, 0), new(h, h, 0), new(h, -h, 0), new(-h, -h, 0)];
        (double X, double Y)[] rays = [.. corners.OrderBy(c => c.Index).Select(c => camera.Unproject(c.X, c.Y))];
        Point2f[] slopes = [.. rays.Select(s => new Point2f((float)s.X, (float)s.Y))];
        if (slopes.Any(s => float.IsNaN(s.X)))
        {
            throw new CameraException("A corner of the marker lies where the lens has no ray: bring it nearer to the middle of the picture.");
        }

        BoardPose pose = Solve(places, slopes, null), other = Solve(places, slopes, Mirrored(pose));
        double rms = Error(camera, pose, places, corners), otherRms = Error(camera, other, places, corners);
        (pose, rms, other, otherRms) = rms <= otherRms ? (pose, rms, other, otherRms) : (other, otherRms, pose, rms);
        if (!(rms < LargestRms))
        {
            throw new CameraException(FormattableString.Invariant(
                $"The marker does not fit this camera: its corners are {rms:0.##} pixels off, expected below {LargestRms}. Check the calibration."));
        }

        double between = double.RadiansToDegrees(Math.Acos(Math.Clamp((pose.R[2] * other.R[2]) + (pose.R[5] * other.R[5]) + (pose.R[8] * other.R[8]), -1, 1)));
        if (between > SamePoseDegrees && otherRms < (Ambiguous * rms) + Noise)
        {
            throw new CameraException(FormattableString.Invariant(
                $"Two poses of the marker, {between:0}° apart, fit its corners alike ({rms:0.00} and {otherRms:0.00} px): come nearer, use a larger marker, ")
                + "or let the camera see it at an angle of 20° to 60°.");
        }

        return new MarkerMount(
            Placed(pose, parent, x, y, z, rotation), rms,
            Math.Sqrt((pose.Translation[0] * pose.Translation[0]) + (pose.Translation[1] * pose.Translation[1]) + (pose.Translation[2] * pose.Translation[2])));
    }

    /// <summary>From the marker in the optical frame to the optical frame in the parent.</summary>
    private static CameraMount Placed(BoardPose pose, string parent, double x, double y, double z, UnitQuaternion rotation)
    {
        // The marker's picture axes (x right, y up, z out) among its own (x out, y left of it, z up): right is y, up is z, out is x.
        UnitQuaternion inMarker = Quaternion(pose.R), back = new(-inMarker.X, -inMarker.Y, -inMarker.Z, inMarker.W);
        var axes = new UnitQuaternion(0.5, 0.5, 0.5, 0.5);
        UnitQuaternion turned = rotation.Normalised().Multiply(axes).Multiply(back);
        (double cx, double cy, double cz) = turned.Rotate(-pose.Translation[0], -pose.Translation[1], -pose.Translation[2]);
        return new CameraMount(parent, x + cx, y + cy, z + cz, turned);
    }

    private static BoardPose Solve(Point3f[] places, Point2f[] slopes, BoardPose? guess)
    {
        using Mat straight = Mat.Eye(3, 3, MatType.CV_64F), none = new(), r = new(3, 1, MatType.CV_64F), t = new(3, 1, MatType.CV_64F);
        using Mat board = Mat.FromArray(places), seen = Mat.FromArray(slopes);
        if (guess is null)
        {
            Cv2.SolvePnP(board, seen, straight, none, r, t, false, SolvePnPMethod.IPPE_SQUARE);
        }
        else
        {
            r.SetArray(guess.Rotation);
            t.SetArray(guess.Translation);
        }

        Cv2.SolvePnP(board, seen, straight, none, r, t, true, SolvePnPMethod.Iterative);
        return BoardPose.Of(r, t);
    }

    /// <summary>The marker turned to the other side of the line of sight, which a small or distant picture hardly tells apart.</summary>
    private static BoardPose Mirrored(BoardPose pose)
    {
        double[] t = pose.Translation;
        double length = Math.Sqrt((t[0] * t[0]) + (t[1] * t[1]) + (t[2] * t[2]));
        (double vx, double vy, double vz) = (t[0] / length, t[1] / length, t[2] / length);
        (double nx, double ny, double nz) = (pose.R[2], pose.R[5], pose.R[8]);
        double dot = (nx * vx) + (ny * vy) + (nz * vz);

        // The rotation that takes the normal to its mirror image beside the line of sight: twice the angle, about their common perpendicular.
        double ax = (ny * vz) - (nz * vy), ay = (nz * vx) - (nx * vz), az = (nx * vy) - (ny * vx), sine = Math.Sqrt((ax * ax) + (ay * ay) + (az * az));
        if (sine < 1e-9)
        {
            return pose;
        }

        double angle = Math.Atan2(sine, dot);
        angle = angle > Math.PI / 2 ? angle - Math.PI : angle;
        double s = Math.Sin(angle) / sine;
        UnitQuaternion turned = new UnitQuaternion(ax * s, ay * s, az * s, Math.Cos(angle)).Multiply(Quaternion(pose.R));
        double w = Math.Clamp(turned.W, -1, 1), half = Math.Acos(w), scale = half < 1e-9 ? 2 : 2 * half / Math.Sin(half);
        return new BoardPose([turned.X * scale, turned.Y * scale, turned.Z * scale], t);
    }

    private static double Error(CameraIntrinsics camera, BoardPose pose, Point3f[] places, IReadOnlyList<FoundPoint> corners)
    {
        double sum = 0;
        foreach (FoundPoint corner in corners)
        {
            (double x, double y) = pose.Project(camera, places[corner.Index].X, places[corner.Index].Y);
            sum += ((x - corner.X) * (x - corner.X)) + ((y - corner.Y) * (y - corner.Y));
        }

        return Math.Sqrt(sum / corners.Count);
    }

    private static UnitQuaternion Quaternion(ReadOnlySpan<double> m)
    {
        double w = Math.Sqrt(Math.Max(1 + m[0] + m[4] + m[8], 0)) / 2, x = Math.Sqrt(Math.Max(1 + m[0] - m[4] - m[8], 0)) / 2;
        double y = Math.Sqrt(Math.Max(1 - m[0] + m[4] - m[8], 0)) / 2, z = Math.Sqrt(Math.Max(1 - m[0] - m[4] + m[8], 0)) / 2;

        // The largest of the four decides the signs of the others.
        double largest = Math.Max(Math.Max(w, x), Math.Max(y, z));
        UnitQuaternion q = largest == w ? new((m[7] - m[5]) / (4 * w), (m[2] - m[6]) / (4 * w), (m[3] - m[1]) / (4 * w), w)
            : largest == x ? new(x, (m[1] + m[3]) / (4 * x), (m[2] + m[6]) / (4 * x), (m[7] - m[5]) / (4 * x))
            : largest == y ? new((m[1] + m[3]) / (4 * y), y, (m[5] + m[7]) / (4 * y), (m[2] - m[6]) / (4 * y))
            : new((m[2] + m[6]) / (4 * z), (m[5] + m[7]) / (4 * z), z, (m[3] - m[1]) / (4 * z));
        return q.Normalised();
    }
}
