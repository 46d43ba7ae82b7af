using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace VisionBanana.Edge.Messages.Ros;

/// <summary>tf2_msgs/msg/TFMessage: a part of the tree of frames.</summary>
/// <param name="Transforms">One per frame.</param>
public readonly record struct TFMessage(ImmutableArray<TransformStamped> Transforms) : IRosMessage<TFMessage>
{
    /// <inheritdoc/>
    public static string Schema => "tf2_msgs/msg/TFMessage";

    /// <inheritdoc/>
    public static string Definition => """
        geometry_msgs/TransformStamped[] transforms
        """;

    /// <inheritdoc/>
    public void WriteTo(CdrWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteCount(Transforms.Length);
        foreach (TransformStamped transform in Transforms)
        {
            transform.WriteTo(writer);
        }
    }

    /// <inheritdoc/>
    public static TFMessage ReadFrom(ref CdrReader reader)
    {
        var transforms = new TransformStamped[reader.ReadCount(TransformStamped.MinimumBytes)];
        foreach (ref TransformStamped transform in transforms.AsSpan())
        {
            transform = TransformStamped.ReadFrom(ref reader);
        }

        return new TFMessage(ImmutableCollectionsMarshal.AsImmutableArray(transforms));
    }
}
