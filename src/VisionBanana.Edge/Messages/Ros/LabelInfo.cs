using System.Collections.Immutable;
using System.Runtime.InteropServices;
using VisionBanana.Edge.Instructions;

namespace VisionBanana.Edge.Messages.Ros;

/// <summary>vision_msgs/msg/LabelInfo: what the ids of a label image mean.</summary>
/// <param name="Header">Time from which it holds, and the frame of the label images.</param>
/// <param name="ClassMap">Id → name.</param>
/// <param name="Threshold">The confidence below which pixels were left unlabelled, 0–1.</param>
public readonly record struct LabelInfo(Header Header, ImmutableArray<VisionClass> ClassMap, float Threshold) : IRosMessage<LabelInfo>
{
    /// <inheritdoc/>
    public static string Schema => "vision_msgs/msg/LabelInfo";

    /// <inheritdoc/>
    public static string Definition => """
        std_msgs/Header header
        vision_msgs/VisionClass[] class_map
        float32 threshold
        """;

    /// <summary>The message for a palette; ids outside 0–65534 cannot stand in a label image and are left out.</summary>
    public static LabelInfo From(LabelPalette palette, in Header header)
    {
        ArgumentNullException.ThrowIfNull(palette);
        return new LabelInfo(
            header,
            [.. palette.Where(entry => entry.Id is >= 0 and < ushort.MaxValue).Select(entry => new VisionClass((ushort)entry.Id, entry.Name))],
            0);
    }

    /// <inheritdoc/>
    public void WriteTo(CdrWriter writer)
    {
        Header.WriteTo(writer);
        writer.WriteCount(ClassMap.Length);
        foreach (VisionClass entry in ClassMap)
        {
            entry.WriteTo(writer);
        }

        writer.WriteFloat32(Threshold);
    }

    /// <inheritdoc/>
    public static LabelInfo ReadFrom(ref CdrReader reader)
    {
        Header header = Header.ReadFrom(ref reader);
        var classes = new VisionClass[reader.ReadCount(VisionClass.MinimumBytes)];
        foreach (ref VisionClass entry in classes.AsSpan())
        {
            entry = VisionClass.ReadFrom(ref reader);
        }

        return new LabelInfo(header, ImmutableCollectionsMarshal.AsImmutableArray(classes), reader.ReadFloat32());
    }
}
