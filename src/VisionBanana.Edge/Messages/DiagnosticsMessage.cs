using System.Collections.Immutable;
using VisionBanana.Edge.Messages.Ros;

namespace VisionBanana.Edge.Messages;

/// <summary>Builds the messages of <see cref="Streams.Diagnostics"/>. Meant for 1 Hz: each message has a buffer of its own.</summary>
public static class DiagnosticsMessage
{
    /// <summary>One entry of <see cref="Create"/>; addresses in it lose their secrets.</summary>
    public static DiagnosticStatus Status(
        string name, DiagnosticLevel level, string message, string hardwareId, params IEnumerable<(string Key, string Value)> values) =>
        new(level, name, Redactor.Text(message), hardwareId, [.. values.Select(value => new KeyValue(value.Key, Redactor.Text(value.Value)))]);

    /// <summary>The message that reports how the given components are.</summary>
    /// <param name="stampNs">Nanoseconds since the Unix epoch.</param>
    /// <param name="status">One entry per component.</param>
    public static WireMessage Create(long stampNs, params ImmutableArray<DiagnosticStatus> status) => new()
    {
        Stream = Streams.Diagnostics,
        Schema = DiagnosticArray.Schema,
        CapturedNs = stampNs,
        Payload = RosMessage.Encode(new DiagnosticArray(new Header(Time.FromNanoseconds(stampNs), ""), status)),
    };
}
