namespace VisionBanana.Edge.Calibration;

/// <summary>
/// What is known about a camera's place without looking: which way is up, and how far below the camera a level plane lies that things
/// stand on, the floor or a table. It comes from the mount (<see cref="Of"/>), or picture by picture from an IMU or an arm's pose.
/// </summary>
public sealed record SupportPlane
{
    /// <summary>Creates it; the direction is brought to length 1.</summary>
    /// <param name="upX">x of "up" in the optical frame (REP-103: x right, y down, z forward).</param>
    /// <param name="upY">y of it; −1 for a level camera.</param>
    /// <param name="upZ">z of it.</param>
    /// <param name="heightM">Metres from the camera straight down to the plane, above 0; null = only gravity is known.</param>
    /// <exception cref="ArgumentException">The direction has no length, or the height is not above 0.</exception>
    public SupportPlane(double upX, double upY, double upZ, double? heightM = null)
    {
        double length = Math.Sqrt((upX * upX) + (upY * upY) + (upZ * upZ));
        if (!(length > 1e-6) || !double.IsFinite(length))
        {
            throw new ArgumentException(FormattableString.Invariant($"Up is a direction, found ({upX}, {upY}, {upZ})."), nameof(upX));
        }

        if (heightM is { } height && !(height > 0 && double.IsFinite(height)))
        {
            throw new ArgumentException(FormattableString.Invariant($"The height of a camera above a plane is above 0 m, found {height}."), nameof(heightM));
        }

        (UpX, UpY, UpZ, HeightM) = (upX / length, upY / length, upZ / length, heightM);
    }

    /// <summary>x of "up" in the optical frame, a unit vector.</summary>
    public double UpX { get; }

    /// <summary>y of "up" in the optical frame.</summary>
    public double UpY { get; }

    /// <summary>z of "up" in the optical frame.</summary>
    public double UpZ { get; }

    /// <summary>Metres from the camera straight down to the plane; null = only gravity is known.</summary>
    public double? HeightM { get; }

    /// <summary>The floor as a mounted camera has it; without a height where the camera is not above the floor.</summary>
    public static SupportPlane Of(CameraMount mount)
    {
        ArgumentNullException.ThrowIfNull(mount);
        UnitQuaternion q = mount.Rotation;
        (double x, double y, double z) = new UnitQuaternion(-q.X, -q.Y, -q.Z, q.W).Rotate(0, 0, 1);
        return new SupportPlane(x, y, z, mount.HeightM > 0 ? mount.HeightM : null);
    }

    /// <summary>The plane in the optical frame of the same pictures turned clockwise by quarter turns; see <see cref="CameraIntrinsics.Turned"/>.</summary>
    public SupportPlane Turned(int quarterTurns) => (quarterTurns & 3) switch
    {
        0 => this,
        1 => new SupportPlane(-UpY, UpX, UpZ, HeightM),
        2 => new SupportPlane(-UpX, -UpY, UpZ, HeightM),
        _ => new SupportPlane(UpY, -UpX, UpZ, HeightM),
    };

    /// <summary>The floor as a camera has it that looks along the horizon, then down by the pitch, then turned about its line of sight.</summary>
    /// <param name="heightM">Metres above the floor; null = only gravity is known.</param>
    /// <param name="pitchDegrees">Degrees down from the horizon, as <see cref="CameraMount.PitchDegrees"/>.</param>
    /// <param name="rollDegrees">Degrees about the line of sight, as <see cref="CameraMount.RollDegrees"/>.</param>
    /// <exception cref="ArgumentException">The height is not above 0.</exception>
    public static SupportPlane OfAngles(double? heightM, double pitchDegrees = 0, double rollDegrees = 0)
    {
        (double sinPitch, double cosPitch) = Math.SinCos(double.DegreesToRadians(pitchDegrees));
        (double sinRoll, double cosRoll) = Math.SinCos(double.DegreesToRadians(rollDegrees));
        return new SupportPlane(-sinRoll * cosPitch, -cosRoll * cosPitch, -sinPitch, heightM);
    }

    /// <summary>
    /// 1 / z in 1/m of the point where a ray meets the plane, z along the optical axis. 0 or negative where it never does, and everywhere
    /// when the height is not known.
    /// </summary>
    /// <param name="slopeX">x/z of the ray.</param>
    /// <param name="slopeY">y/z of the ray.</param>
    public double InverseDepthAt(double slopeX, double slopeY) =>
        HeightM is { } height ? -((UpX * slopeX) + (UpY * slopeY) + UpZ) / height : 0;
}
