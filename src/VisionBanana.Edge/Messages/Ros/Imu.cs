namespace VisionBanana.Edge.Messages.Ros;

/// <summary>sensor_msgs/msg/Imu, without its covariances beyond their first elements: −1 there says that a part was not measured.</summary>
/// <param name="Header">Time and frame of the sensor.</param>
/// <param name="Orientation">How the sensor is turned, when it knows.</param>
/// <param name="AngularVelocity">rad/s.</param>
/// <param name="LinearAcceleration">What it feels, m/s²: 9.81 upwards at rest (REP-145).</param>
/// <param name="HasOrientation">False when the covariance says there is none.</param>
/// <param name="HasAcceleration">False when the covariance says there is none.</param>
public readonly record struct Imu(
    Header Header, Quaternion Orientation, Vector3 AngularVelocity, Vector3 LinearAcceleration, bool HasOrientation = true, bool HasAcceleration = true)
    : IRosMessage<Imu>
{
    private const int Covariance = 9;

    /// <inheritdoc/>
    public static string Schema => "sensor_msgs/msg/Imu";

    /// <inheritdoc/>
    public static string Definition => """
        std_msgs/Header header
        geometry_msgs/Quaternion orientation
        float64[9] orientation_covariance
        geometry_msgs/Vector3 angular_velocity
        float64[9] angular_velocity_covariance
        geometry_msgs/Vector3 linear_acceleration
        float64[9] linear_acceleration_covariance
        """;

    /// <inheritdoc/>
    public void WriteTo(CdrWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        Header.WriteTo(writer);
        Orientation.WriteTo(writer);
        Write(writer, HasOrientation);
        AngularVelocity.WriteTo(writer);
        Write(writer, isThere: true);
        LinearAcceleration.WriteTo(writer);
        Write(writer, HasAcceleration);
    }

    /// <inheritdoc/>
    public static Imu ReadFrom(ref CdrReader reader)
    {
        var header = Header.ReadFrom(ref reader);
        var orientation = Quaternion.ReadFrom(ref reader);
        bool hasOrientation = IsThere(ref reader);
        var velocity = Vector3.ReadFrom(ref reader);
        IsThere(ref reader);
        var acceleration = Vector3.ReadFrom(ref reader);
        return new Imu(header, orientation, velocity, acceleration, hasOrientation, IsThere(ref reader));
    }

    private static bool IsThere(ref CdrReader reader)
    {
        double first = reader.ReadFloat64();
        for (int i = 1; i < Covariance; i++)
        {
            reader.ReadFloat64();
        }

        return first != -1;
    }

    private static void Write(CdrWriter writer, bool isThere)
    {
        for (int i = 0; i < Covariance; i++)
        {
            writer.WriteFloat64(i == 0 && !isThere ? -1 : 0);
        }
    }
}
