using System.Text.Json;

namespace VisionBanana.Edge.Sensors;

/// <summary>Small readings in JSON. Keys that are not asked for are left alone: robots say more than we need.</summary>
internal static class SensorJson
{
    private static readonly JsonDocumentOptions Strictly = new() { MaxDepth = 8, AllowDuplicateProperties = false };

    /// <summary>CDR begins with a zero byte, JSON and a bare number never do.</summary>
    public static bool IsJson(ReadOnlySpan<byte> payload) => !payload.IsEmpty && payload[0] != 0;

    public static JsonDocument Parse(ReadOnlyMemory<byte> payload)
    {
        try
        {
            return JsonDocument.Parse(payload, Strictly);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw new MessageFormatException($"Expected a ROS 2 message in CDR, or JSON; found neither: {error.Message}", error);
        }
    }

    /// <summary>The stamp: <c>stamp_ns</c> since the Unix epoch, or <c>stamp</c> in seconds; 0 = none is given.</summary>
    public static long Stamp(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            return 0;
        }

        if (root.TryGetProperty("stamp_ns", out JsonElement ns))
        {
            return ns.ValueKind == JsonValueKind.Number && ns.TryGetInt64(out long value)
                ? value
                : throw new MessageFormatException("Expected whole nanoseconds since 1970 in 'stamp_ns'.");
        }

        double? seconds = Number(root, "stamp");
        return seconds switch
        {
            null => 0,
            >= 0 and < 9e9 => (long)(seconds.Value * 1e9),
            _ => throw new MessageFormatException("Expected seconds since 1970 in 'stamp'."),
        };
    }

    /// <summary>A number at a key; null = the key is not there. What is there and no number is malformed.</summary>
    public static double? Number(JsonElement root, string key) =>
        root.ValueKind != JsonValueKind.Object || !root.TryGetProperty(key, out JsonElement value) ? null
            : value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number) ? number
            : throw new MessageFormatException($"Expected a number in '{key}'.");

    /// <summary>So many numbers at a key; null = the key is not there.</summary>
    public static double[]? Numbers(JsonElement root, string key, int count) =>
        root.ValueKind != JsonValueKind.Object || !root.TryGetProperty(key, out JsonElement list) ? null : List(list, key, count);

    /// <summary>A list of so many numbers.</summary>
    public static double[] List(JsonElement list, string key, int count)
    {
        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() != count)
        {
            throw new MessageFormatException($"Expected {count} numbers in '{key}'.");
        }

        return [.. list.EnumerateArray().Select(e => e.ValueKind == JsonValueKind.Number && e.TryGetDouble(out double number)
            ? number
            : throw new MessageFormatException($"Expected {count} numbers in '{key}'."))];
    }

    /// <summary>A text at a key, or null.</summary>
    public static string? Text(JsonElement root, string key)
    {
        try
        {
            return root.TryGetProperty(key, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
        catch (InvalidOperationException error)
        {
            throw new MessageFormatException($"The text in '{key}' is not valid Unicode.", error);
        }
    }
}
