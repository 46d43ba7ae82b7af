using System.Collections.Immutable;
using VisionBanana.Edge.Messages;

namespace VisionBanana.Edge.Mqtt;

/// <summary>Which broker, and how messages are published on it.</summary>
public sealed record MqttOptions
{
    /// <summary>Host name or address of the broker.</summary>
    public string Host { get; init; } = "127.0.0.1";

    /// <summary>TCP port of the broker: 1883, or 8883 with TLS by convention.</summary>
    public int Port { get; init; } = 1883;

    /// <summary>First part of the topics: the robot or computer.</summary>
    public string Device { get; init; } = "device";

    /// <summary>Second part of the topics: the camera.</summary>
    public string Camera { get; init; } = "camera";

    /// <summary>Both.</summary>
    internal CameraAddress Address => new(Device, Camera);

    /// <summary>
    /// The client id; null = <c>vb-{device}-{camera}</c>. It is the same after a restart on purpose: the broker then ends the old
    /// session first, and its last will cannot overtake the new "online".
    /// </summary>
    public string? ClientId { get; init; }

    /// <summary>The user name, or null to connect without one.</summary>
    public string? User { get; init; }

    /// <summary>Name of the environment variable that holds the password, or null. Passwords never stand in files.</summary>
    public string? PasswordVariable { get; init; }

    /// <summary>The password itself, for a broker of this process; never printed.</summary>
    internal string? Password { get; init; }

    /// <summary>
    /// True where others publish this camera's percepts and their state: what is retained is theirs, and is not cleared as that of an earlier run.
    /// </summary>
    internal bool StateIsOthers { get; init; }

    /// <summary>
    /// True: a broker that is not there at the start is an error. False: the start goes on, the broker is tried again and again, and what cannot be
    /// sent meanwhile is counted.
    /// </summary>
    public bool Require { get; init; }

    /// <summary>TLS, or null for a plain connection.</summary>
    public MqttTlsOptions? Tls { get; init; }

    /// <summary>
    /// Listens on <c>…/instructions/set</c> and <c>…/command</c>. Who may publish there decides what the camera looks for: brokers restrict
    /// topics by user.
    /// </summary>
    public bool Commands { get; init; } = true;

    /// <summary>
    /// What response topics of commands may begin with, beside those that have a level <c>answers</c> before their last one, such as
    /// <c>me/answers/1</c>: otherwise every client that may give commands could publish anywhere through this one. Never under <c>vb/v1/</c>, but for
    /// <c>vb/v1/{device}/{camera}/answers/…</c>.
    /// </summary>
    public ImmutableArray<string> AnswerPrefixes { get; init; } = [];

    /// <summary>
    /// Announces status and picture to Home Assistant (MQTT discovery) and publishes the picture as a plain JPEG on <c>…/preview</c>, once per second.
    /// </summary>
    public bool HomeAssistant { get; init; }

    /// <summary>The zones that are watched, announced to Home Assistant where that is on.</summary>
    public IReadOnlyList<string> Zones { get; init; } = [];

    /// <summary>
    /// The staleness budget: a stream message that the broker could not deliver for so long is thrown away there.
    /// MQTT counts whole seconds; zero = no expiry.
    /// </summary>
    public TimeSpan MessageExpiry { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How long the broker keeps the session when the connection is lost: commands given meanwhile wait there.
    /// MQTT counts whole seconds; zero = every connection begins anew. A new process always does.
    /// </summary>
    public TimeSpan SessionExpiry { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long one message may take to leave before the connection counts as dead.</summary>
    public TimeSpan SendTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long connecting may take.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often the connection is tried when nothing else is sent; the broker publishes the last will after 1.5 times this.</summary>
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// The pause before the first new attempt after a connection is lost. It grows by a quarter with each attempt that fails, up to
    /// <see cref="MaximumBackOff"/>, so that a broker is tried again after a quarter of the time it was away; each pause has jitter.
    /// A connection that held for four times this begins anew.
    /// </summary>
    public TimeSpan MinimumBackOff { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>The longest pause between attempts.</summary>
    public TimeSpan MaximumBackOff { get; init; } = TimeSpan.FromSeconds(30);
}
