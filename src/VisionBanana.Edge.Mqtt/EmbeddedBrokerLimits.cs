namespace VisionBanana.Edge.Mqtt;

/// <summary>
/// What clients of the embedded broker may cost. A client that exceeds a limit is refused, or its connection is cut; the pipeline's own connection is
/// not limited. At most, clients hold <see cref="MaxPacketsInFlightBytes"/> + <see cref="MaxQueuedBytes"/> + <see cref="MaxRetainedBytes"/>.
/// </summary>
public sealed record EmbeddedBrokerLimits
{
    /// <summary>The largest message a client may send, told in CONNACK. Before CONNECT, and for everything but a message, 64 KiB are the limit.</summary>
    public int MaxPacketBytes { get; init; } = 8 << 20;

    /// <summary>Bytes of large packets that may be on the way in at one time, over all connections.</summary>
    public long MaxPacketsInFlightBytes { get; init; } = 64 << 20;

    /// <summary>Clients at once; more are refused in CONNACK.</summary>
    public int MaxConnections { get; init; } = 64;

    /// <summary>Connections at once that have not said CONNECT; the oldest of the address with the most of them makes room for a new one.</summary>
    public int MaxHalfOpen { get; init; } = 32;

    /// <summary>How long a connection may take to say CONNECT.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long one packet may be on its way in or out before the connection is cut.</summary>
    public TimeSpan PacketTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Subscriptions of one client.</summary>
    public int MaxSubscriptions { get; init; } = 100;

    /// <summary>Retained messages of all clients.</summary>
    public int MaxRetainedMessages { get; init; } = 1000;

    /// <summary>Bytes of retained messages of all clients.</summary>
    public long MaxRetainedBytes { get; init; } = 64 << 20;

    /// <summary>Bytes that wait for slow subscribers, over all of them; beyond it the one that holds most is cut.</summary>
    public long MaxQueuedBytes { get; init; } = 256 << 20;
}
