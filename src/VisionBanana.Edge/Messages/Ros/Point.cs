namespace VisionBanana.Edge.Messages.Ros;

/// <summary>geometry_msgs/msg/Point.</summary>
/// <param name="X">Metres along x.</param>
/// <param name="Y">Metres along y.</param>
/// <param name="Z">Metres along z.</param>
public readonly record struct Point(double X, double Y, double Z) : IRosMessage<Point>
{
    /// <inheritdoc/>
    public static string Schema => "geometry_msgs/msg/Point";

    /// <inheritdoc/>
    public static string Definition => """
        float64 x
        float64 y
        float64 z
        """;

    /// <inheritdoc/>
    public void WriteTo(CdrWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteFloat64(X);
        writer.WriteFloat64(Y);
        writer.WriteFloat64(Z);
    }

    /// <inheritdoc/>
    public static Point ReadFrom(ref CdrReader reader) => new(reader.ReadFloat64(), reader.ReadFloat64(), reader.ReadFloat64());
}
