using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace VisionBanana.Edge.Messages.Ros;

/// <summary>diagnostic_msgs/msg/DiagnosticArray: how the components of a device are.</summary>
/// <param name="Header">When; the frame is not used.</param>
/// <param name="Status">One entry per component.</param>
public readonly record struct DiagnosticArray(Header Header, ImmutableArray<DiagnosticStatus> Status) : IRosMessage<DiagnosticArray>
{
    /// <inheritdoc/>
    public static string Schema => "diagnostic_msgs/msg/DiagnosticArray";

    /// <inheritdoc/>
    public static string Definition => """
        std_msgs/Header header
        diagnostic_msgs/DiagnosticStatus[] status
        """;

    /// <inheritdoc/>
    public void WriteTo(CdrWriter writer)
    {
        Header.WriteTo(writer);
        writer.WriteCount(Status.Length);
        foreach (DiagnosticStatus status in Status)
        {
            status.WriteTo(writer);
        }
    }

    /// <inheritdoc/>
    public static DiagnosticArray ReadFrom(ref CdrReader reader)
    {
        Header header = Header.ReadFrom(ref reader);
        var status = new DiagnosticStatus[reader.ReadCount(DiagnosticStatus.MinimumBytes)];
        foreach (ref DiagnosticStatus entry in status.AsSpan())
        {
            entry = DiagnosticStatus.ReadFrom(ref reader);
        }

        return new DiagnosticArray(header, ImmutableCollectionsMarshal.AsImmutableArray(status));
    }
}
