namespace VisionBanana.Edge.Calibration;

/// <summary>A rotation as a unit quaternion in the order of ROS: x, y, z, w. q and −q are the same rotation.</summary>
/// <param name="X">x of the axis × sin(angle / 2).</param>
/// <param name="Y">y of the axis × sin(angle / 2).</param>
/// <param name="Z">z of the axis × sin(angle / 2).</param>
/// <param name="W">cos(angle / 2).</param>
public readonly record struct UnitQuaternion(double X, double Y, double Z, double W)
{
    /// <summary>No rotation.</summary>
    public static UnitQuaternion Identity => new(0, 0, 0, 1);

    /// <summary>The length of the four numbers; 1 for a rotation.</summary>
    public double Norm => Math.Sqrt((X * X) + (Y * Y) + (Z * Z) + (W * W));

    /// <summary>
    /// Roll about x, then pitch about y, then yaw about z, all about the fixed axes of the parent, in radians:
    /// R = Rz(yaw) · Ry(pitch) · Rx(roll), as URDF and tf2's <c>setRPY</c> have it.
    /// </summary>
    public static UnitQuaternion FromRpy(double roll, double pitch, double yaw)
    {
        (double sr, double cr) = Math.SinCos(roll / 2);
        (double sp, double cp) = Math.SinCos(pitch / 2);
        (double sy, double cy) = Math.SinCos(yaw / 2);
        return new UnitQuaternion(
            (sr * cp * cy) - (cr * sp * sy),
            (cr * sp * cy) + (sr * cp * sy),
            (cr * cp * sy) - (sr * sp * cy),
            (cr * cp * cy) + (sr * sp * sy));
    }

    /// <summary>The same direction with length 1.</summary>
    public UnitQuaternion Normalised()
    {
        double norm = Norm;
        return new UnitQuaternion(X / norm, Y / norm, Z / norm, W / norm);
    }

    /// <summary>The product this · inner: the rotation of a frame that is turned by <paramref name="inner"/> within a frame turned by this.</summary>
    public UnitQuaternion Multiply(UnitQuaternion inner) => new(
        (W * inner.X) + (X * inner.W) + (Y * inner.Z) - (Z * inner.Y),
        (W * inner.Y) - (X * inner.Z) + (Y * inner.W) + (Z * inner.X),
        (W * inner.Z) + (X * inner.Y) - (Y * inner.X) + (Z * inner.W),
        (W * inner.W) - (X * inner.X) - (Y * inner.Y) - (Z * inner.Z));

    /// <summary>Turns a vector.</summary>
    public (double X, double Y, double Z) Rotate(double x, double y, double z)
    {
        // v + 2 q × (q × v + w v)
        double tx = 2 * ((Y * z) - (Z * y)), ty = 2 * ((Z * x) - (X * z)), tz = 2 * ((X * y) - (Y * x));
        return (
            x + (W * tx) + (Y * tz) - (Z * ty),
            y + (W * ty) + (Z * tx) - (X * tz),
            z + (W * tz) + (X * ty) - (Y * tx));
    }
}
