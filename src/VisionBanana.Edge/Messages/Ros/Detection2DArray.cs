using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace VisionBanana.Edge.Messages.Ros;

/// <summary>vision_msgs/msg/Detection2DArray: the objects of a picture.</summary>
/// <param name="Header">Time of capture and frame.</param>
/// <param name="Detections">One for each.</param>
public readonly record struct Detection2DArray(Header Header, ImmutableArray<Detection2D> Detections) : IRosMessage<Detection2DArray>
{
    /// <inheritdoc/>
    public static string Schema => "vision_msgs/msg/Detection2DArray";

    /// <inheritdoc/>
    public static string Definition => """
        std_msgs/Header header
        vision_msgs/Detection2D[] detections
        """;

    /// <inheritdoc/>
    public void WriteTo(CdrWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        Header.WriteTo(writer);
        writer.WriteCount(Detections.Length);
        foreach (Detection2D detection in Detections)
        {
            detection.WriteTo(writer);
        }
    }

    /// <inheritdoc/>
    public static Detection2DArray ReadFrom(ref CdrReader reader)
    {
        Header header = Header.ReadFrom(ref reader);
        var detections = new Detection2D[reader.ReadCount(Detection2D.MinimumBytes)];
        foreach (ref Detection2D detection in detections.AsSpan())
        {
            detection = Detection2D.ReadFrom(ref reader);
        }

        return new Detection2DArray(header, ImmutableCollectionsMarshal.AsImmutableArray(detections));
    }
}
