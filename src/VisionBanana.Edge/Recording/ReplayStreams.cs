using System.Collections.Frozen;
using VisionBanana.Edge.Messages;
using VisionBanana.Edge.Messages.Ros;

namespace VisionBanana.Edge.Recording;

/// <summary>
/// The streams that a replay publishes, each with its message types: those of the contract that carry messages. What a recording calls
/// <c>status</c>, <c>command</c> or anything else is never published, whoever wrote it.
/// </summary>
public static class ReplayStreams
{
    private static readonly FrozenDictionary<string, string[]> Types = new Dictionary<string, string[]>
    {
        [Streams.Color] = [CompressedImage.Schema],
        [Streams.Depth] = [Image.Schema, CompressedImage.Schema],
        [Streams.Painting] = [CompressedImage.Schema],
        [Streams.Labels] = [Image.Schema],
        [Streams.Instances] = [Image.Schema],
        [Streams.Mask] = [Image.Schema],
        [Streams.LabelInfo] = [LabelInfo.Schema],
        [Streams.Normals] = [Image.Schema],
        [Streams.Cloud] = [PointCloud2.Schema, CompressedPointCloud2.Schema],
        [Streams.CameraInfo] = [CameraInfo.Schema],
        [Streams.TfStatic] = [TFMessage.Schema],
        [Streams.Diagnostics] = [DiagnosticArray.Schema],
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Their names.</summary>
    public static IEnumerable<string> All => Types.Keys;

    /// <summary>Whether a replay publishes the messages of a channel.</summary>
    public static bool Include(McapChannel channel)
    {
        ArgumentNullException.ThrowIfNull(channel);
        return channel.MessageEncoding == "cdr" && channel.Schema is { } schema
            && Types.TryGetValue(RecordedMessages.StreamOf(channel), out string[]? types) && types.Contains(schema.Name);
    }
}
