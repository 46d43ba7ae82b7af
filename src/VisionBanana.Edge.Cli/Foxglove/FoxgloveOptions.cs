using System.Collections.Immutable;
using System.Net;
using VisionBanana.Edge.Messages;

namespace VisionBanana.Edge.Cli.Foxglove;

/// <summary>Where the Foxglove WebSocket server listens.</summary>
internal sealed record FoxgloveOptions
{
    /// <summary>The TCP port; Foxglove and Lichtblick propose this one.</summary>
    public int Port { get; init; } = 8765;

    /// <summary>The address; loopback by default. On any other one the server asks for a token.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>Device in topics.</summary>
    public string Device { get; init; } = "device";

    /// <summary>Camera in topics.</summary>
    public string Camera { get; init; } = "camera";

    /// <summary>Both.</summary>
    public CameraAddress Topics => new(Device, Camera);

    /// <summary>
    /// The environment variable that may hold the token. Set: the server asks for it, on loopback too. Not set: made up for each run, where one is needed.
    /// </summary>
    public string TokenVariable { get; init; } = "VBEDGE_FOXGLOVE_TOKEN";

    /// <summary>Names by which viewers may call this machine, beside localhost and its numbers; others are refused (DNS rebinding).</summary>
    public ImmutableArray<string> HostNames { get; init; } = [];

    /// <summary>Origins of pages that may look, beside <see cref="FoxgloveGuard.KnownOrigins"/>, such as <c>https://lichtblick.example</c>.</summary>
    public ImmutableArray<string> Origins { get; init; } = [];

    /// <summary>Messages that wait for one slow client; for it alone the oldest of what matters least is dropped: clouds, then pictures, then state.</summary>
    public int QueueCapacity { get; init; } = 16;

    /// <summary>Clients at once; more are refused, or take the place of one that looks at nothing.</summary>
    public int MaxClients { get; init; } = 16;
}
