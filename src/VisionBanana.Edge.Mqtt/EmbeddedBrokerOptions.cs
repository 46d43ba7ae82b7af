using System.Collections.Immutable;
using System.Net;

namespace VisionBanana.Edge.Mqtt;

/// <summary>Where the broker inside this process listens, whom it lets in and what they may cost.</summary>
public sealed record EmbeddedBrokerOptions
{
    /// <summary>The TCP port.</summary>
    public int Port { get; init; } = 1883;

    /// <summary>The address; loopback by default: without <see cref="Users"/> it lets anybody in, so opening it to a network is a decision.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>How many messages may wait for one slow subscriber before its oldest is dropped. Memory: this many times the largest message.</summary>
    public int PendingMessages { get; init; } = 16;

    /// <summary>Who may come in. Without any, everybody may, and publish anywhere but under the pipeline's own topics.</summary>
    public ImmutableArray<EmbeddedBrokerUser> Users { get; init; } = [];

    /// <summary>What clients may cost.</summary>
    public EmbeddedBrokerLimits Limits { get; init; } = new();
}
