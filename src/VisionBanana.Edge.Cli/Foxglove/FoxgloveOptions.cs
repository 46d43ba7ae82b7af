using System.Net;

namespace VisionBanana.Edge.Cli.Foxglove;

/// <summary>Where the Foxglove WebSocket server listens.</summary>
internal sealed record FoxgloveOptions
{
    /// <summary>The TCP port; Foxglove and Lichtblick propose this one.</summary>
    public int Port { get; init; } = 8765;

    /// <summary>The address; loopback by default: it shows everything to anybody, so opening it to a network is a decision.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>Device and camera in topics.</summary>
    public string Device { get; init; } = "device";

    /// <summary>Camera in topics.</summary>
    public string Camera { get; init; } = "camera";

    /// <summary>Messages that wait for one slow client; the oldest is dropped for that client alone.</summary>
    public int QueueCapacity { get; init; } = 16;

    /// <summary>Clients at once; more are refused.</summary>
    public int MaxClients { get; init; } = 16;
}
