using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace VisionBanana.Edge.Messages.Ros;

/// <summary>vision_msgs/msg/Detection3DArray: the objects of a picture.</summary>
/// <param name="Header">Time of capture and frame.</param>
/// <param name="Detections">One for each.</param>
public readonly record struct Detection3DArray(Header Header, ImmutableArray<Detection3D> Detections) : IRosMessage<Detection3DArray>
{
    /// <inheritdoc/>
    public static string Schema => "vision_msgs/msg/Detection3DArray";

    /// <inheritdoc/>
    public static string Definition => """
        std_msgs/Header header
        vision_msgs/Detection3D[] detections
        """;

    /// <inheritdoc/>
    public void WriteTo(CdrWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        Header.WriteTo(writer);
        writer.WriteCount(Detections.Length);
        foreach (Detection3D detection in Detections)
        {
            detection.WriteTo(writer);
        }
    }

    /// <inheritdoc/>
    public static Detection3DArray ReadFrom(ref CdrReader reader)
    {
        Header header = Header.ReadFrom(ref reader);
        var detections = new Detection3D[reader.ReadCount(Detection3D.MinimumBytes)];
        foreach (ref Detection3D detection in detections.AsSpan())
        {
            detection = Detection3D.ReadFrom(ref reader);
        }

        return new Detection3DArray(header, ImmutableCollectionsMarshal.AsImmutableArray(detections));
    }
}
