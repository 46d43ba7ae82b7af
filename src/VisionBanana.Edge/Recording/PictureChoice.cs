using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Messages;
using VisionBanana.Edge.Messages.Ros;

namespace VisionBanana.Edge.Recording;

/// <summary>Finds the channel of a recording that the pictures are taken from.</summary>
internal static class PictureChoice
{
    // Channels are told apart by their first messages; one that has none among so many is left out.
    private const int MaxMessages = 10_000, MaxNames = 20;

    /// <summary>The channel of the asked topic; else the camera's own pictures, else the only camera in colour, else the only one.</summary>
    /// <exception cref="CameraException">There is none, or more than one.</exception>
    public static McapChannel Find(RecordingReader recording, string? topic)
    {
        McapChannel[] all = [.. recording.Channels.Where(IsPictures)];
        if (topic is not null)
        {
            return Array.Find(all, channel => channel.Topic == topic)
                ?? throw new CameraException($"Expected pictures on the topic {topic}; "
                    + $"{(all.Length == 0 ? WhyNone(recording) : $"found them on {Names(all)}.")}");
        }

        if (Array.Find(all, channel => RecordedMessages.StreamOf(channel) == RecordingTopics.SourceImage) is { } own)
        {
            return own;
        }

        (McapChannel[] colour, McapChannel[] grey, string? problem) = Cameras(recording, all);
        McapChannel[] candidates = colour.Length > 0 ? colour : grey;

        // One camera in several forms: the one without loss.
        string[] bases = [.. candidates.Select(CameraTopics.BaseOf).Distinct(StringComparer.Ordinal)];
        if (bases.Length == 1)
        {
            return colour.Concat(grey).FirstOrDefault(channel => channel.Schema!.Name == Image.Schema && channel.Topic == bases[0]) ?? candidates[0];
        }

        throw new CameraException(candidates.Length > 0
            ? $"Expected the pictures of one camera in the recording, found {Names(candidates)}: "
                + $"name one with --topic ({nameof(RecordingSourceOptions)}.{nameof(RecordingSourceOptions.Topic)})."
            : "Expected camera pictures in the recording; "
                + (all.Length == 0
                    ? WhyNone(recording)
                    : $"found only images that are none (depth, labels, paintings, or unreadable ones) on {Names(all)}{problem}.")
                + " A recording made with its camera pictures (--record-source) always has some.");
    }

    private static string Names(IReadOnlyCollection<McapChannel> channels) =>
        string.Join(", ", channels.Take(MaxNames).Select(channel => channel.Topic))
            + (channels.Count > MaxNames ? $" and {channels.Count - MaxNames} more" : "");

    private static bool IsPictures(McapChannel channel) =>
        channel.MessageEncoding == "cdr" && channel.Schema?.Name is { } name && (name == Image.Schema || name == CompressedImage.Schema);

    private static (McapChannel[] Colour, McapChannel[] Grey, string? Problem) Cameras(RecordingReader recording, McapChannel[] all)
    {
        var open = all.Where(MayBeCamera).ToDictionary(channel => channel.Id);
        List<McapChannel> colour = [], grey = [];
        string? problem = null;
        int left = MaxMessages;
        var options = new McapReadOptions { Channels = channel => open.ContainsKey(channel.Id) };
        foreach (McapMessage message in open.Count == 0 ? [] : recording.ReadMessages(options))
        {
            if (open.Remove(message.Channel.Id, out McapChannel? channel))
            {
                (IsColour(channel, message.Data, ref problem) switch
                {
                    true => colour,
                    false => grey,
                    null => [],
                }).Add(channel);
            }

            if (open.Count == 0 || --left == 0)
            {
                break;
            }
        }

        return ([.. colour.OrderBy(channel => channel.Id)], [.. grey.OrderBy(channel => channel.Id)], problem);
    }

    /// <summary>A foreign topic may hold anything; of the contract's streams it is known.</summary>
    private static bool MayBeCamera(McapChannel channel) => Streams.Find(RecordedMessages.StreamOf(channel)) is not { ShowsCamera: false };

    /// <summary>Null when it is no picture of a camera; the first that cannot be read says why.</summary>
    private static bool? IsColour(McapChannel channel, ReadOnlyMemory<byte> payload, ref string? problem)
    {
        try
        {
            return channel.Schema!.Name == CompressedImage.Schema
                ? RosMessage.Decode<CompressedImage>(payload).Format.Contains("compressedDepth", StringComparison.Ordinal) ? null : true
                : RawEncoding.Find(RosMessage.Decode<Image>(payload).Encoding)?.IsColour;
        }
        catch (MessageFormatException error)
        {
            problem ??= $" (the first on {channel.Topic}: {error.Message.TrimEnd('.')})";
            return null;
        }
    }

    /// <summary>What stands there instead of pictures as ROS 2 writes them.</summary>
    private static string WhyNone(RecordingReader recording)
    {
        McapChannel[] images = [.. recording.Channels.Where(channel => channel.Schema?.Name is { } name
            && (name.EndsWith("Image", StringComparison.Ordinal) || name.EndsWith("CompressedVideo", StringComparison.Ordinal)))];
        if (Array.Find(images, channel => channel.MessageEncoding == "ros1") is { } ros1)
        {
            return $"found {ros1.Topic} as ROS 1 writes it (encoding ros1): convert the recording to ROS 2 first, for example with rosbags-convert.";
        }

        if (Array.Find(
            images,
            channel => channel.MessageEncoding != "cdr" || channel.Schema!.Name.StartsWith("foxglove", StringComparison.Ordinal)) is { } other)
        {
            return $"found {other.Topic} with {other.Schema!.Name} in {other.MessageEncoding}, which is not read: "
                + "record or convert it as sensor_msgs/Image or CompressedImage in cdr.";
        }

        return recording.Channels.Count == 0
            ? "found no topic at all."
            : $"found no topic with sensor_msgs/Image or CompressedImage in cdr; there are {Names(recording.Channels)}.";
    }
}
