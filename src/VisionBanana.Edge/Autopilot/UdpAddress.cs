using System.Globalization;

namespace VisionBanana.Edge.Autopilot;

/// <summary>An address as MAVLink programs write it.</summary>
/// <param name="Listens"><c>udpin</c>: bound there; otherwise <c>udpout</c>: sent there.</param>
/// <param name="Host">A name or an IP address.</param>
/// <param name="Port">1–65535; 0 where it listens = any.</param>
internal readonly record struct UdpAddress(bool Listens, string Host, int Port)
{
    /// <summary>What is wrong with an address, or null.</summary>
    public static string? WhyNot(string text) => TryParse(text, out _)
        ? null
        : $"address is '{text}': expected udpout:HOST:PORT, which sends there, or udpin:ADDRESS:PORT, which waits there; "
            + "e.g. udpout:192.168.1.10:14550.";

    public static bool TryParse(string text, out UdpAddress address)
    {
        address = default;
        int first = text.IndexOf(':', StringComparison.Ordinal), last = text.LastIndexOf(':');
        if (first < 0 || last <= first + 1
            || !int.TryParse(text.AsSpan(last + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int port))
        {
            return false;
        }

        string kind = text[..first], host = text[(first + 1)..last].Trim('[', ']');
        bool listens = kind == "udpin";
        address = new UdpAddress(listens, host, port);
        return kind is "udpin" or "udpout" && host.Length > 0 && port <= 65535 && (port > 0 || listens)
            && (Uri.CheckHostName(host) != UriHostNameType.Unknown);
    }
}
