using System.Net;
using System.Net.Sockets;

namespace VisionBanana.Edge.Network;

/// <summary>Which places a camera may lead to: itself, and hosts that the user allowed, as long as they are not in the robot's own network.</summary>
/// <param name="camera">The camera.</param>
/// <param name="allowed">Names of other hosts.</param>
internal sealed class Whereabouts(StreamAddress camera, IReadOnlyList<string> allowed)
{
    private static readonly IPNetwork[] Inside =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.168.0.0/16", "198.18.0.0/15",
            "224.0.0.0/3", "::/127", "64:ff9b:1::/48", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
        }.Select(n => IPNetwork.Parse(n)),
    ];

    /// <summary>Whether this is the camera itself; <paramref name="scheme"/> may be its encrypted sister at the port that belongs to it.</summary>
    public bool IsCamera(string scheme, string host, int port) => Same(host, camera.Host)
        && (port == camera.Port || (scheme == camera.Scheme + "s" && port == StreamAddress.Default(scheme)));

    /// <summary>Why a place is not gone to; null = it may be.</summary>
    public string? WhyNot(string scheme, string host, int port) => IsCamera(scheme, host, port) || allowed.Any(a => Same(a, host))
        ? null
        : $"it leads to another place, {host}:{port}, which is not followed. Give that address as source, or allow the host: redirect_hosts: [{host}]";

    /// <summary>Connects; places other than the camera only outside of the networks that are private, link-local or of this machine.</summary>
    /// <exception cref="IOException">The host is inside, or cannot be reached.</exception>
    public async ValueTask<Stream> ConnectAsync(string scheme, string host, int port, CancellationToken cancellationToken)
    {
        IPAddress[] addresses = IPAddress.TryParse(host, out IPAddress? given)
            ? [given]
            : await Dns.GetHostAddressesAsync(host, cancellationToken).ConfigureAwait(false);
        if (!IsCamera(scheme, host, port) && addresses.Any(IsInside))
        {
            throw new ForbiddenPlaceException(
                $"it leads to {host}:{port}, which is in a private network: a camera does not lead there, give that address as source");
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, port, cancellationToken).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Private, link-local (where clouds keep their metadata), this machine, many at once.</summary>
    internal static bool IsInside(IPAddress address)
    {
        byte[] bytes = address.GetAddressBytes();

        // IPv4 in IPv6: mapped, and as NAT64 and 6to4 have it.
        if (address.IsIPv4MappedToIPv6 || (bytes.Length == 16 && bytes.AsSpan(0, 12).SequenceEqual<byte>([0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0])))
        {
            return IsInside(new IPAddress(bytes.AsSpan(12)));
        }

        return bytes.Length == 16 && bytes[0] == 0x20 && bytes[1] == 0x02
            ? IsInside(new IPAddress(bytes.AsSpan(2, 4)))
            : Inside.Any(n => n.Contains(address));
    }

    private static bool Same(string a, string b) => a.TrimEnd('.').Equals(b.TrimEnd('.'), StringComparison.OrdinalIgnoreCase);
}
