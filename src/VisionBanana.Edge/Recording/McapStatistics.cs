using System.Collections.Immutable;

namespace VisionBanana.Edge.Recording;

/// <summary>What a recording holds.</summary>
/// <param name="MessageCount">Messages.</param>
/// <param name="SchemaCount">Message types.</param>
/// <param name="ChannelCount">Topics.</param>
/// <param name="AttachmentCount">Attached files.</param>
/// <param name="MetadataCount">Sets of key-value pairs.</param>
/// <param name="ChunkCount">Chunks.</param>
/// <param name="StartNs">Log time of the earliest message, 0 when there is none.</param>
/// <param name="EndNs">Log time of the latest message, 0 when there is none.</param>
/// <param name="MessagesByChannel">Messages by channel id; empty when the writer did not count them.</param>
public sealed record McapStatistics(
    long MessageCount, int SchemaCount, int ChannelCount, int AttachmentCount, int MetadataCount, int ChunkCount, long StartNs, long EndNs,
    ImmutableDictionary<ushort, long> MessagesByChannel)
{
    /// <summary>From the earliest to the latest message.</summary>
    public TimeSpan Duration => TimeSpan.FromTicks((EndNs - StartNs) / 100);
}
