namespace VisionBanana.Edge.Calibration;

/// <summary>
/// Where a camera sits on its robot: the pose of its optical frame (REP-103: x right, y down, z forward) in a frame of the robot,
/// published as the transform <c>tf_static</c>. Height, pitch and roll are for code that reasons about the ground, such as a painter
/// that was trained with them.
/// </summary>
public sealed record CameraMount
{
    /// <summary>The optical frame within the camera's body frame (x forward, y left, z up): rpy −90°, 0, −90°, as REP-103 gives it.</summary>
    public static UnitQuaternion OpticalInBody { get; } = new(-0.5, 0.5, -0.5, 0.5);

    /// <summary>Creates a mount from the rotation of the optical frame itself.</summary>
    /// <param name="parentFrame">The frame of the robot, e.g. <c>base_link</c>.</param>
    /// <param name="x">Metres along the parent's x.</param>
    /// <param name="y">Metres along the parent's y.</param>
    /// <param name="z">Metres along the parent's z.</param>
    /// <param name="opticalRotation">Turns vectors of the optical frame into the parent; brought to length 1.</param>
    /// <exception cref="ConfigurationException">No parent, or numbers that are no pose.</exception>
    public CameraMount(string parentFrame, double x, double y, double z, UnitQuaternion opticalRotation)
    {
        if (string.IsNullOrWhiteSpace(parentFrame))
        {
            throw new ConfigurationException("A camera is mounted on a frame of the robot: expected its name, e.g. base_link, found none.");
        }

        if (!double.IsFinite(x) || !double.IsFinite(y) || !double.IsFinite(z))
        {
            throw new ConfigurationException(FormattableString.Invariant($"The position of the camera is three numbers in metres, found {x}, {y}, {z}."));
        }

        if (!double.IsFinite(opticalRotation.Norm) || opticalRotation.Norm < 1e-6)
        {
            throw new ConfigurationException("A rotation of the camera is a quaternion x, y, z, w of length 1; this one has none.");
        }

        (ParentFrame, X, Y, Z, Rotation) = (parentFrame, x, y, z, opticalRotation.Normalised());
    }

    /// <summary>The frame of the robot, e.g. <c>base_link</c>.</summary>
    public string ParentFrame { get; }

    /// <summary>Metres along the parent's x.</summary>
    public double X { get; }

    /// <summary>Metres along the parent's y.</summary>
    public double Y { get; }

    /// <summary>Metres along the parent's z.</summary>
    public double Z { get; }

    /// <summary>Turns vectors of the optical frame into the parent.</summary>
    public UnitQuaternion Rotation { get; }

    /// <summary>Where the floor is along the parent's z, in metres: 0 when the parent's origin lies on the floor.</summary>
    public double FloorZ { get; init; }

    /// <summary>Metres above the floor; the parent's z points up.</summary>
    public double HeightM => Z - FloorZ;

    /// <summary>Degrees by which the camera looks down from the horizon (REP-103: positive pitch is nose down), −90 to 90.</summary>
    public double PitchDegrees => double.RadiansToDegrees(-Math.Asin(Math.Clamp(Rotation.Rotate(0, 0, 1).Z, -1, 1)));

    /// <summary>Degrees by which the picture is turned about the line of sight, positive when the camera's left side is raised, −180 to 180.</summary>
    public double RollDegrees => double.RadiansToDegrees(Math.Atan2(Rotation.Rotate(-1, 0, 0).Z, Rotation.Rotate(0, -1, 0).Z));

    /// <summary>Degrees by which the camera looks to the left of the parent's x, −180 to 180; says nothing for one that looks straight up or down.</summary>
    public double YawDegrees => Rotation.Rotate(0, 0, 1) is var (x, y, _) ? double.RadiansToDegrees(Math.Atan2(y, x)) : 0;

    /// <summary>A mount from the rotation of the camera's body frame (x forward, y left, z up); without rotation it looks along the parent's x.</summary>
    public static CameraMount OfBody(string parentFrame, double x, double y, double z, UnitQuaternion bodyRotation) =>
        new(parentFrame, x, y, z, bodyRotation.Multiply(OpticalInBody));

    /// <summary>
    /// Where the optical frame is when pictures are turned clockwise by quarter turns: x is to the right in the turned picture. See
    /// <see cref="CameraIntrinsics.Turned"/>.
    /// </summary>
    public CameraMount Turned(int quarterTurns)
    {
        int turns = quarterTurns & 3;
        (double sin, double cos) = Math.SinCos(-Math.PI / 4 * turns);
        return turns == 0 ? this : new CameraMount(ParentFrame, X, Y, Z, Rotation.Multiply(new UnitQuaternion(0, 0, sin, cos))) { FloorZ = FloorZ };
    }

    /// <summary>Where a point of the optical frame, in metres, is in the parent.</summary>
    public (double X, double Y, double Z) ToParent(double x, double y, double z)
    {
        (double rx, double ry, double rz) = Rotation.Rotate(x, y, z);
        return (X + rx, Y + ry, Z + rz);
    }
}
