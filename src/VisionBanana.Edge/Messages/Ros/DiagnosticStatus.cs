using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace VisionBanana.Edge.Messages.Ros;

/// <summary>diagnostic_msgs/msg/DiagnosticStatus: how one component is.</summary>
/// <param name="Level">How well it is.</param>
/// <param name="Name">The component.</param>
/// <param name="Message">Its state in words.</param>
/// <param name="HardwareId">The device it runs on.</param>
/// <param name="Values">Figures.</param>
public readonly record struct DiagnosticStatus(
    DiagnosticLevel Level, string Name, string Message, string HardwareId, ImmutableArray<KeyValue> Values) : IRosMessage<DiagnosticStatus>
{
    /// <summary>The fewest bytes a status takes: level, padding, three empty strings without their NUL and an empty sequence.</summary>
    internal const int MinimumBytes = 17;

    /// <inheritdoc/>
    public static string Schema => "diagnostic_msgs/msg/DiagnosticStatus";

    /// <inheritdoc/>
    public static string Definition => """
        byte OK=0
        byte WARN=1
        byte ERROR=2
        byte STALE=3
        byte level
        string name
        string message
        string hardware_id
        diagnostic_msgs/KeyValue[] values
        """;

    /// <inheritdoc/>
    public void WriteTo(CdrWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteUInt8((byte)Level);
        writer.WriteString(Name);
        writer.WriteString(Message);
        writer.WriteString(HardwareId);
        ImmutableArray<KeyValue> values = Values.IsDefault ? [] : Values;
        writer.WriteCount(values.Length);
        foreach (KeyValue value in values)
        {
            value.WriteTo(writer);
        }
    }

    /// <inheritdoc/>
    public static DiagnosticStatus ReadFrom(ref CdrReader reader) => new(
        (DiagnosticLevel)reader.ReadUInt8(),
        reader.ReadString(),
        reader.ReadString(),
        reader.ReadString(),
        ReadValues(ref reader));

    private static ImmutableArray<KeyValue> ReadValues(ref CdrReader reader)
    {
        var values = new KeyValue[reader.ReadCount(KeyValue.MinimumBytes)];
        foreach (ref KeyValue value in values.AsSpan())
        {
            value = KeyValue.ReadFrom(ref reader);
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(values);
    }
}
