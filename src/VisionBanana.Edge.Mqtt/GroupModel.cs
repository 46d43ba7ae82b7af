using System.Buffers;
using System.Text.Json;
using MQTTnet;
using MQTTnet.Protocol;

namespace VisionBanana.Edge.Mqtt;

/// <summary>Which model paints for a group: retained while any of its workers lives, so that percepts of one camera are of one model.</summary>
/// <param name="Model">The model with its version.</param>
/// <param name="Sha256">SHA-256 of its file.</param>
/// <param name="Worker">Who said so.</param>
/// <param name="WrittenNs">When, on the worker's clock, nanoseconds since the Unix epoch.</param>
internal sealed record GroupModel(string Model, string Sha256, string Worker, long WrittenNs)
{
    /// <summary>The broker forgets it so long after the last worker said it.</summary>
    public static readonly TimeSpan Holds = TimeSpan.FromSeconds(30);

    /// <summary>How often workers say it.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(10);

    /// <summary>True when both paint the same.</summary>
    public bool IsSame(GroupModel other) => Sha256 == other.Sha256 && Model == other.Model;

    /// <summary>The message that says it.</summary>
    public MqttApplicationMessage Message(string group) => new()
    {
        Topic = FleetTopics.Model(group),
        ContentType = "application/json",
        Payload = new ReadOnlySequence<byte>(JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object>
        {
            ["model"] = Model,
            ["model_sha256"] = Sha256,
            ["worker"] = Worker,
            ["written_ns"] = WrittenNs,
        })),
        QualityOfServiceLevel = MqttQualityOfServiceLevel.AtLeastOnce,
        Retain = true,
        MessageExpiryInterval = (uint)Holds.TotalSeconds,
        UserProperties = [],
    };

    /// <summary>Reads one; null when the bytes are none.</summary>
    public static GroupModel? Read(ReadOnlyMemory<byte> payload)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(payload);
            JsonElement root = document.RootElement;
            return new GroupModel(
                root.GetProperty("model").GetString() ?? "", root.GetProperty("model_sha256").GetString() ?? "", root.GetProperty("worker").GetString() ?? "",
                root.GetProperty("written_ns").GetInt64());
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }
}
