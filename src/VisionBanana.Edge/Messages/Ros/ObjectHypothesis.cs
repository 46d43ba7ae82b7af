namespace VisionBanana.Edge.Messages.Ros;

/// <summary>vision_msgs/msg/ObjectHypothesis: what something may be.</summary>
/// <param name="ClassId">Its class.</param>
/// <param name="Score">How sure, 0–1.</param>
public readonly record struct ObjectHypothesis(string ClassId, double Score) : IRosMessage<ObjectHypothesis>
{
    /// <inheritdoc/>
    public static string Schema => "vision_msgs/msg/ObjectHypothesis";

    /// <inheritdoc/>
    public static string Definition => """
        string class_id
        float64 score
        """;

    /// <inheritdoc/>
    public void WriteTo(CdrWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteString(ClassId);
        writer.WriteFloat64(Score);
    }

    /// <inheritdoc/>
    public static ObjectHypothesis ReadFrom(ref CdrReader reader) => new(reader.ReadString(), reader.ReadFloat64());
}
