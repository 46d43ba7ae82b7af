using System.Collections.Immutable;

namespace VisionBanana.Edge.Recording;

/// <summary>A stream of messages of one type on one topic.</summary>
/// <param name="Id">Its number in this file.</param>
/// <param name="Topic">The topic, e.g. <c>/vb/v1/edge/front/depth</c>.</param>
/// <param name="MessageEncoding">How the payloads are written, e.g. <c>cdr</c>.</param>
/// <param name="Schema">The type of the messages; null = not told.</param>
/// <param name="Metadata">What else the writer says about it.</param>
public sealed record McapChannel(ushort Id, string Topic, string MessageEncoding, McapSchema? Schema, ImmutableDictionary<string, string> Metadata)
{
    /// <summary>Channels are equal when every field and every entry of the metadata is.</summary>
    public bool Equals(McapChannel? other) =>
        other is not null && Id == other.Id && Topic == other.Topic && MessageEncoding == other.MessageEncoding && Equals(Schema, other.Schema)
        && Metadata.Count == other.Metadata.Count
        && Metadata.All(entry => other.Metadata.TryGetValue(entry.Key, out string? value) && value == entry.Value);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Id, Topic, MessageEncoding, Schema, Metadata.Count);
}
