using System.Collections.Immutable;
using System.Net;

namespace VisionBanana.Edge.Cli.Viewing;

/// <summary>Where the live view listens and what it keeps.</summary>
internal sealed record ViewOptions
{
    /// <summary>The port that is tried first when none is named.</summary>
    public const int UsualPort = 8088;

    /// <summary>The address; loopback by default. On any other one the view asks for a token.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>The TCP port, 0 = any free one; null = the first free one from <see cref="UsualPort"/>.</summary>
    public int? Port { get; init; }

    /// <summary>
    /// The environment variable that may hold the token. Set: the view asks for it, on loopback too. Not set: made up for each run, where one is needed.
    /// </summary>
    public string TokenVariable { get; init; } = "VBEDGE_VIEW_TOKEN";

    /// <summary>Names by which browsers may call this machine, beside localhost and its numbers; others are refused (DNS rebinding).</summary>
    public ImmutableArray<string> HostNames { get; init; } = [];

    /// <summary>
    /// The folder of recordings and snapshots made from the page, made at the first one; by default in the user's data folder
    /// (<c>~/.local/share/vbedge/captures</c>).
    /// </summary>
    public string Folder { get; init; } = Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "vbedge", "captures");

    /// <summary>Pages at once; more are refused.</summary>
    public int MaxClients { get; init; } = 8;

    /// <summary>These options on another address, as written after <c>--view</c>.</summary>
    /// <exception cref="ConfigurationException">The text is no address.</exception>
    public ViewOptions At(string address)
    {
        // IPAddress also reads a bare number, as an address that nobody means, and leaves out the port behind a bracket.
        bool isPlausible = address.AsSpan().ContainsAny('.', ':');
        if (isPlausible && !address.Contains("]:", StringComparison.Ordinal) && IPAddress.TryParse(address, out IPAddress? host))
        {
            return this with { Address = host };
        }

        return isPlausible && IPEndPoint.TryParse(address, out IPEndPoint? endpoint)
            ? this with { Address = endpoint.Address, Port = endpoint.Port }
            : throw new ConfigurationException(
                $"--view: expected an IP address with or without a port, such as 0.0.0.0, 127.0.0.1:9000 or [::]:8088, found '{address}'.");
    }
}
