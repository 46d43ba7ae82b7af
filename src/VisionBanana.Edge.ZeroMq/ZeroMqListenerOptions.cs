namespace VisionBanana.Edge.ZeroMq;

/// <summary>Whom a <see cref="ZeroMqListener"/> listens to.</summary>
public sealed record ZeroMqListenerOptions
{
    /// <summary>The address of the publisher.</summary>
    public string Endpoint { get; init; } = "tcp://127.0.0.1:5556";

    /// <summary>What topics must begin with.</summary>
    public string TopicPrefix { get; init; } = Messages.WireTopics.Root;

    /// <summary>How many messages may wait here before the publisher sees this subscriber as slow.</summary>
    public int HighWaterMark { get; init; } = 100;

    /// <summary>The publisher's CURVE public key (Z85, 40 characters), or null when it does not encrypt.</summary>
    public string? CurveServerKey { get; init; }
}
