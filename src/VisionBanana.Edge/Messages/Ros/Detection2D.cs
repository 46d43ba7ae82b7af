using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace VisionBanana.Edge.Messages.Ros;

/// <summary>vision_msgs/msg/Detection2D: one object.</summary>
/// <param name="Header">Time and frame.</param>
/// <param name="Results">What it may be.</param>
/// <param name="Bbox">Its extent.</param>
/// <param name="Id">The same from picture to picture.</param>
public readonly record struct Detection2D(
    Header Header, ImmutableArray<ObjectHypothesisWithPose> Results, BoundingBox2D Bbox, string Id) : IRosMessage<Detection2D>
{
    /// <summary>The fewest bytes one takes.</summary>
    internal const int MinimumBytes = 8 + 4 + 4 + (5 * sizeof(double)) + 4;

    /// <inheritdoc/>
    public static string Schema => "vision_msgs/msg/Detection2D";

    /// <inheritdoc/>
    public static string Definition => """
        std_msgs/Header header
        vision_msgs/ObjectHypothesisWithPose[] results
        vision_msgs/BoundingBox2D bbox
        string id
        """;

    /// <inheritdoc/>
    public void WriteTo(CdrWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        Header.WriteTo(writer);
        writer.WriteCount(Results.Length);
        foreach (ObjectHypothesisWithPose result in Results)
        {
            result.WriteTo(writer);
        }

        Bbox.WriteTo(writer);
        writer.WriteString(Id);
    }

    /// <inheritdoc/>
    public static Detection2D ReadFrom(ref CdrReader reader)
    {
        Header header = Header.ReadFrom(ref reader);
        var results = new ObjectHypothesisWithPose[reader.ReadCount(ObjectHypothesisWithPose.MinimumBytes)];
        foreach (ref ObjectHypothesisWithPose result in results.AsSpan())
        {
            result = ObjectHypothesisWithPose.ReadFrom(ref reader);
        }

        return new Detection2D(header, ImmutableCollectionsMarshal.AsImmutableArray(results), BoundingBox2D.ReadFrom(ref reader), reader.ReadString());
    }
}
