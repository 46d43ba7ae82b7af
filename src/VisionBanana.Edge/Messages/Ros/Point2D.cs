namespace VisionBanana.Edge.Messages.Ros;

/// <summary>vision_msgs/msg/Point2D: a place in a picture, pixels.</summary>
/// <param name="X">To the right.</param>
/// <param name="Y">Down.</param>
public readonly record struct Point2D(double X, double Y) : IRosMessage<Point2D>
{
    /// <inheritdoc/>
    public static string Schema => "vision_msgs/msg/Point2D";

    /// <inheritdoc/>
    public static string Definition => """
        float64 x
        float64 y
        """;

    /// <inheritdoc/>
    public void WriteTo(CdrWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteFloat64(X);
        writer.WriteFloat64(Y);
    }

    /// <inheritdoc/>
    public static Point2D ReadFrom(ref CdrReader reader) => new(reader.ReadFloat64(), reader.ReadFloat64());
}
