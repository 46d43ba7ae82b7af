using System.Net;

namespace VisionBanana.Edge.Mqtt;

/// <summary>Where the broker inside this process listens.</summary>
public sealed record EmbeddedBrokerOptions
{
    /// <summary>The TCP port.</summary>
    public int Port { get; init; } = 1883;

    /// <summary>The address; loopback by default: it lets anybody in, so opening it to a network is a decision.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>How many messages may wait for one slow subscriber before its oldest is dropped. Memory: this many times the largest message.</summary>
    public int PendingMessages { get; init; } = 16;
}
