using System.Diagnostics.CodeAnalysis;
using VisionBanana.Edge.Diagnostics;

namespace VisionBanana.Edge.Messages;

/// <summary>The topics of version 1 of the contract: <c>vb/v1/{device}/{camera}/{stream}</c> and <c>vb/v1/{device}/status</c>.</summary>
public static class WireTopics
{
    /// <summary>What every topic begins with.</summary>
    public const string Root = "vb/v1/";

    /// <summary>The last part of <see cref="Status"/>.</summary>
    public const string StatusStream = "status";

    /// <summary>The topic of a stream.</summary>
    public static string Of(string device, string camera, string stream) => $"{Root}{device}/{camera}/{stream}";

    /// <summary>Where a device says that it is online or offline.</summary>
    public static string Status(string device) => $"{Root}{device}/{StatusStream}";

    /// <summary>The stream that a topic names, or false when it is not a topic of the contract.</summary>
    public static bool TryGetStream(string topic, [NotNullWhen(true)] out string? stream)
    {
        ArgumentNullException.ThrowIfNull(topic);
        stream = topic.StartsWith(Root, StringComparison.Ordinal) ? topic[(topic.LastIndexOf('/') + 1)..] : null;
        return !string.IsNullOrEmpty(stream);
    }

    /// <summary>Checks that a name can stand between two slashes of a topic.</summary>
    /// <exception cref="ConfigurationException">It is empty or holds a character that brokers treat as structure.</exception>
    public static void CheckName(string what, string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (string.IsNullOrWhiteSpace(name) || name.AsSpan().ContainsAny('/', '+', '#') || name.AsSpan().ContainsAnyInRange('\0', '\x1f'))
        {
            throw new ConfigurationException(
                $"The {what} name '{name}' cannot stand in a topic: expected at least one character and none of / + # or control characters. Use letters, digits, - and _.");
        }
    }
}
