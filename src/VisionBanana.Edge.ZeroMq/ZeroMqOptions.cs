using VisionBanana.Edge.Messages;

namespace VisionBanana.Edge.ZeroMq;

/// <summary>Where and how messages are published on ZeroMQ.</summary>
public sealed record ZeroMqOptions
{
    /// <summary>
    /// The TCP address to bind, e.g. <c>tcp://*:5556</c> for every interface; port 0 takes a free one.
    /// Loopback by default: opening perception to a network is a decision.
    /// </summary>
    public string Endpoint { get; init; } = "tcp://127.0.0.1:5556";

    /// <summary>First part of the topics: the robot or computer.</summary>
    public string Device { get; init; } = "device";

    /// <summary>Second part of the topics: the camera.</summary>
    public string Camera { get; init; } = "camera";

    /// <summary>Both.</summary>
    internal CameraAddress Address => new(Device, Camera);

    /// <summary>
    /// How many messages may wait for a slow subscriber before further ones are dropped for it alone. A PUB socket has one mark for all
    /// its streams, and one picture is a burst of up to ten messages: a mark below that would drop the last of each burst (the cloud)
    /// even for subscribers that keep up. The memory a subscriber can hold back is this many times the largest message.
    /// </summary>
    public int HighWaterMark { get; init; } = 12;

    /// <summary>How often state (camera_info, label_info) is published again for those who joined late.</summary>
    public TimeSpan StateInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Name of the environment variable that holds the CURVE secret key of this publisher (Z85, 40 characters), or null.
    /// Subscribers need the public key that belongs to it, and any subscriber that has it is let in: NetMQ has no ZAP, so there is no list of
    /// allowed clients. Give the public key to subscribers only, and let the network decide who reaches the port.
    /// </summary>
    public string? CurveSecretKeyVariable { get; init; }

    /// <summary>The file that holds that key instead (<see cref="CurveKeyFiles"/>), or null. Without either there is no encryption.</summary>
    public string? CurveSecretKeyFile { get; init; }
}
