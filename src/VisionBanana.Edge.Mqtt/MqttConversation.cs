using MQTTnet;

namespace VisionBanana.Edge.Mqtt;

/// <summary>What is said on each connection, and when.</summary>
internal sealed record MqttConversation
{
    /// <summary>Attaches handlers to a new client before it connects.</summary>
    public Action<IMqttClient> Prepare { get; init; } = static _ => { };

    /// <summary>Said on every new connection before others may use it.</summary>
    public required Func<MqttConnection.Session, CancellationToken, Task> Greet { get; init; }

    /// <summary>Said once others may use it: closes the gap between greeting and opening.</summary>
    public Func<MqttConnection.Session, CancellationToken, Task> Settle { get; init; } = static (_, _) => Task.CompletedTask;

    /// <summary>Said before the connection is closed on purpose.</summary>
    public Func<IMqttClient, CancellationToken, Task> Farewell { get; init; } = static (_, _) => Task.CompletedTask;
}
