namespace VisionBanana.Edge.Messages.Ros;

/// <summary>geometry_msgs/msg/Quaternion: a rotation, of length 1.</summary>
/// <param name="X">x of the axis × sin(angle / 2).</param>
/// <param name="Y">y of the axis × sin(angle / 2).</param>
/// <param name="Z">z of the axis × sin(angle / 2).</param>
/// <param name="W">cos(angle / 2).</param>
public readonly record struct Quaternion(double X, double Y, double Z, double W) : IRosMessage<Quaternion>
{
    /// <inheritdoc/>
    public static string Schema => "geometry_msgs/msg/Quaternion";

    /// <inheritdoc/>
    public static string Definition => """
        float64 x 0
        float64 y 0
        float64 z 0
        float64 w 1
        """;

    /// <inheritdoc/>
    public void WriteTo(CdrWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteFloat64(X);
        writer.WriteFloat64(Y);
        writer.WriteFloat64(Z);
        writer.WriteFloat64(W);
    }

    /// <inheritdoc/>
    public static Quaternion ReadFrom(ref CdrReader reader) =>
        new(reader.ReadFloat64(), reader.ReadFloat64(), reader.ReadFloat64(), reader.ReadFloat64());
}
