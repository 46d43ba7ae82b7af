using System.Collections.Immutable;
using System.Text.Json;

namespace VisionBanana.Edge.Messages;

/// <summary>A topic of a camera that carries no ROS message but JSON, text or a JPEG file.</summary>
/// <param name="Name">The rest of the topic behind the camera.</param>
/// <param name="WhyMalformed">Null when a payload is what it should be, or what is wrong with it.</param>
internal sealed record PlainStream(string Name, Func<ReadOnlyMemory<byte>, string?> WhyMalformed)
{
    public static ImmutableArray<PlainStream> All { get; } =
    [
        new(WireTopics.StatusStream, CheckStatus),
        new(WireTopics.PreviewStream, CheckPreview),

        new(WireTopics.ZonesLevel, CheckZone),
        new(WireTopics.ZoneEventsStream, CheckObject),
        new(WireTopics.ObjectsStream, CheckObject),

        // What others ask of a device is answered by the device.
        new(WireTopics.InstructionsStream, _ => null),
        new(WireTopics.SetInstructionsStream, _ => null),
        new(WireTopics.CommandStream, _ => null),
        new(WireTopics.AnswersLevel, _ => null),
    ];

    /// <summary>The plain stream of a name, or null when it is none.</summary>
    public static PlainStream? Find(string name)
    {
        foreach (PlainStream stream in All)
        {
            if (stream.Name == name || (stream.Name == WireTopics.ZonesLevel && name.StartsWith(WireTopics.ZonesLevel + "/", StringComparison.Ordinal)))
            {
                return stream;
            }
        }

        return null;
    }

    private static string? CheckPreview(ReadOnlyMemory<byte> file) =>
        MessageChecks.IsWholeJpeg(file.Span) ? null : $"{file.Length} bytes are not a whole JPEG file";

    private static string? CheckZone(ReadOnlyMemory<byte> payload) => Json(payload, root =>
        root.TryGetProperty("state", out JsonElement state) && state.ValueKind == JsonValueKind.String && state.GetString() is "free" or "occupied" or "unknown"
            ? null : "expected {\"state\": \"free\", \"occupied\" or \"unknown\", …}");

    private static string? CheckObject(ReadOnlyMemory<byte> payload) => Json(payload, _ => null);

    private static string? Json(ReadOnlyMemory<byte> payload, Func<JsonElement, string?> check)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(payload);
            return document.RootElement.ValueKind == JsonValueKind.Object ? check(document.RootElement) : "expected a JSON object";
        }
        catch (JsonException error)
        {
            return $"it is not JSON: {error.Message}";
        }
    }

    private static string? CheckStatus(ReadOnlyMemory<byte> payload)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(payload);
            string? status = document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("status", out JsonElement value) &&
                value.ValueKind == JsonValueKind.String ? value.GetString() : null;
            return status is "online" or "offline" ? null : "expected {\"status\": \"online\" or \"offline\", …}";
        }
        catch (JsonException error)
        {
            return $"the status is not JSON: {error.Message}";
        }
    }
}
