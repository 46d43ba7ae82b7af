using System.Diagnostics.CodeAnalysis;

namespace VisionBanana.Edge.Messages;

/// <summary>The topics of version 1 of the contract: <c>vb/v1/{device}/{camera}/{stream}</c>, for messages and for what is plain JSON or text.</summary>
public static class WireTopics
{
    /// <summary>What every topic begins with.</summary>
    public const string Root = "vb/v1/";

    /// <summary>
    /// Whether the camera's publisher is there: JSON, retained, <c>online</c> or <c>offline</c>. One per camera, because a last will belongs
    /// to one connection: a device is there while any <c>vb/v1/{device}/+/status</c> says so.
    /// </summary>
    public const string StatusStream = "status";

    /// <summary>What is asked now and whether the pipeline is paused: JSON, retained.</summary>
    public const string InstructionsStream = "instructions";

    /// <summary>A command: new instructions, text or JSON.</summary>
    public const string SetInstructionsStream = "instructions/set";

    /// <summary>A command: <c>pause</c>, <c>resume</c>, <c>frame</c>.</summary>
    public const string CommandStream = "command";

    /// <summary>The picture as a plain JPEG file, about once per second, for programs that cannot read messages.</summary>
    public const string PreviewStream = "preview";

    /// <summary>The level of topics below which answers to commands go: <c>…/answers/{whatever the requester likes}</c>, JSON.</summary>
    public const string AnswersLevel = "answers";

    /// <summary>The level of topics of zones: <c>…/zones/{zone}</c>, how a zone stands, JSON, retained.</summary>
    public const string ZonesLevel = "zones";

    /// <summary>A zone's state changed: JSON, not retained.</summary>
    public const string ZoneEventsStream = "zone_events";

    /// <summary>The objects of a picture with their masks: JSON.</summary>
    public const string ObjectsStream = "objects";

    /// <summary>The stream of a zone.</summary>
    public static string OfZone(string zone) => $"{ZonesLevel}/{zone}";

    /// <summary>The topic of a stream.</summary>
    public static string Of(string device, string camera, string stream) => $"{Root}{device}/{camera}/{stream}";

    /// <summary>True for what is not a ROS message but JSON, text or a JPEG file.</summary>
    public static bool IsPlain(string stream) => PlainStream.Find(stream) is not null;

    /// <summary>The stream that a topic names, or false when it is not a topic of the contract.</summary>
    public static bool TryGetStream(string topic, [NotNullWhen(true)] out string? stream)
    {
        ArgumentNullException.ThrowIfNull(topic);
        stream = !topic.StartsWith(Root, StringComparison.Ordinal) ? null
            : topic.EndsWith("/" + SetInstructionsStream, StringComparison.Ordinal) ? SetInstructionsStream
            : topic.LastIndexOf($"/{ZonesLevel}/", StringComparison.Ordinal) is >= 0 and var zones ? topic[(zones + 1)..]
            : topic.Contains($"/{AnswersLevel}/", StringComparison.Ordinal) ? AnswersLevel
            : BesidePicture(topic) ?? topic[(topic.LastIndexOf('/') + 1)..];
        return !string.IsNullOrEmpty(stream);
    }

    /// <summary>The stream of two levels that a topic ends with, or null.</summary>
    private static string? BesidePicture(string topic) =>
        topic.EndsWith("/" + Streams.DepthCameraInfo, StringComparison.Ordinal) ? Streams.DepthCameraInfo
        : topic.EndsWith("/" + Streams.ColorCameraInfo, StringComparison.Ordinal) ? Streams.ColorCameraInfo
        : null;

    /// <summary>Checks that a name can stand between two slashes of a topic.</summary>
    /// <exception cref="ConfigurationException">It is empty or holds a character that brokers treat as structure.</exception>
    public static void CheckName(string what, string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (string.IsNullOrWhiteSpace(name) || name.AsSpan().ContainsAny('/', '+', '#') || name.AsSpan().ContainsAnyInRange('\0', '\x1f'))
        {
            throw new ConfigurationException(
                $"The {what} name '{name}' cannot stand in a topic: expected at least one character and none of / + # or control characters. Use letters, "
                    + "digits, - and _.");
        }
    }
}
