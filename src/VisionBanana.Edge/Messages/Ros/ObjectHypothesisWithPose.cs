namespace VisionBanana.Edge.Messages.Ros;

/// <summary>vision_msgs/msg/ObjectHypothesisWithPose: what something may be, and where.</summary>
/// <param name="Hypothesis">What.</param>
/// <param name="Pose">Where.</param>
public readonly record struct ObjectHypothesisWithPose(ObjectHypothesis Hypothesis, PoseWithCovariance Pose) : IRosMessage<ObjectHypothesisWithPose>
{
    /// <summary>The fewest bytes one takes.</summary>
    internal const int MinimumBytes = 4 + 8 + (7 * sizeof(double)) + (36 * sizeof(double));

    /// <inheritdoc/>
    public static string Schema => "vision_msgs/msg/ObjectHypothesisWithPose";

    /// <inheritdoc/>
    public static string Definition => """
        vision_msgs/ObjectHypothesis hypothesis
        geometry_msgs/PoseWithCovariance pose
        """;

    /// <inheritdoc/>
    public void WriteTo(CdrWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        Hypothesis.WriteTo(writer);
        Pose.WriteTo(writer);
    }

    /// <inheritdoc/>
    public static ObjectHypothesisWithPose ReadFrom(ref CdrReader reader) => new(
        ObjectHypothesis.ReadFrom(ref reader), PoseWithCovariance.ReadFrom(ref reader));
}
