using VisionBanana.Edge.Messages;

namespace VisionBanana.Edge.Recording;

/// <summary>
/// The streams that a replay publishes, each with its message types: those of the contract that carry messages. What a recording calls
/// <c>status</c>, <c>command</c> or anything else is never published, whatever program wrote it.
/// </summary>
internal static class ReplayStreams
{
    /// <summary>Their names.</summary>
    public static IEnumerable<string> All => Streams.All.Select(stream => stream.Name);

    /// <summary>Whether a replay publishes the messages of a channel.</summary>
    public static bool Include(McapChannel channel)
    {
        ArgumentNullException.ThrowIfNull(channel);
        return channel.MessageEncoding == "cdr" && channel.Schema is { } schema
            && Streams.Find(RecordedMessages.StreamOf(channel)) is { } stream && stream.WireSchemas.Any(type => type.Name == schema.Name);
    }
}
