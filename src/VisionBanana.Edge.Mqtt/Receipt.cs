using System.Text.Json;
using VisionBanana.Edge.Diagnostics;

namespace VisionBanana.Edge.Mqtt;

/// <summary>What became of one picture of a fleet: a worker tells its robot, as JSON.</summary>
internal sealed record Receipt
{
    /// <summary>The most bytes that are read.</summary>
    public const int MaxBytes = 4096;

    /// <summary>The picture.</summary>
    public required long SequenceNumber { get; init; }

    /// <summary>Its capture time on the robot's clock, nanoseconds since the Unix epoch: with the number it names a picture for good.</summary>
    public required long CapturedNs { get; init; }

    /// <summary>Why it was not answered; null = percepts were published.</summary>
    public DropReason? Dropped { get; init; }

    /// <summary>More about why, for people.</summary>
    public string? Why { get; init; }

    /// <summary>Who took it.</summary>
    public required string Worker { get; init; }

    /// <summary>The model that painted, with its version.</summary>
    public required string Model { get; init; }

    /// <summary>SHA-256 of the model file.</summary>
    public required string ModelSha256 { get; init; }

    /// <summary>When it arrived, on the worker's clock, nanoseconds since the Unix epoch.</summary>
    public required long TakenNs { get; init; }

    /// <summary>When this was written, on the same clock.</summary>
    public required long WrittenNs { get; init; }

    /// <summary>The receipt as it travels.</summary>
    public byte[] Write()
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteNumber("seq", SequenceNumber);
            json.WriteNumber("captured_ns", CapturedNs);
            json.WriteString("result", Dropped is null ? "answered" : "dropped");
            if (Dropped is { } reason)
            {
                json.WriteString("reason", reason.ToString());
            }

            if (Why is not null)
            {
                json.WriteString("why", Why.Length > 500 ? Why[..500] : Why);
            }

            json.WriteString("worker", Worker);
            json.WriteString("model", Model);
            json.WriteString("model_sha256", ModelSha256);
            json.WriteNumber("taken_ns", TakenNs);
            json.WriteNumber("written_ns", WrittenNs);
            json.WriteEndObject();
        }

        return stream.ToArray();
    }

    /// <summary>Reads one; null when the bytes are none.</summary>
    public static Receipt? Read(ReadOnlyMemory<byte> payload)
    {
        if (payload.Length > MaxBytes)
        {
            return null;
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(payload);
            JsonElement root = document.RootElement;
            string? result = root.GetProperty("result").GetString();
            DropReason? dropped = result == "answered" ? null
                : result == "dropped" && Enum.TryParse(root.GetProperty("reason").GetString(), out DropReason reason) && Enum.IsDefined(reason) ? reason
                : throw new FormatException("no result");
            return new Receipt
            {
                SequenceNumber = root.GetProperty("seq").GetInt64(),
                CapturedNs = root.GetProperty("captured_ns").GetInt64(),
                Dropped = dropped,
                Why = root.TryGetProperty("why", out JsonElement why) ? why.GetString() : null,
                Worker = root.GetProperty("worker").GetString() ?? "",
                Model = root.GetProperty("model").GetString() ?? "",
                ModelSha256 = root.GetProperty("model_sha256").GetString() ?? "",
                TakenNs = root.GetProperty("taken_ns").GetInt64(),
                WrittenNs = root.GetProperty("written_ns").GetInt64(),
            };
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }
}
