namespace VisionBanana.Edge.Messages.Ros;

/// <summary>diagnostic_msgs/msg/KeyValue.</summary>
/// <param name="Key">What the value is, with its unit, e.g. <c>latency_ms.p95</c>.</param>
/// <param name="Value">The value as text.</param>
public readonly record struct KeyValue(string Key, string Value) : IRosMessage<KeyValue>
{
    /// <summary>The fewest bytes a pair takes: two empty strings without their NUL.</summary>
    internal const int MinimumBytes = 8;

    /// <inheritdoc/>
    public static string Schema => "diagnostic_msgs/msg/KeyValue";

    /// <inheritdoc/>
    public static string Definition => """
        string key
        string value
        """;

    /// <inheritdoc/>
    public void WriteTo(CdrWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteString(Key);
        writer.WriteString(Value);
    }

    /// <inheritdoc/>
    public static KeyValue ReadFrom(ref CdrReader reader) => new(reader.ReadString(), reader.ReadString());
}
