using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace VisionBanana.Edge.Network;

/// <summary>Who is at the other end of a connection within this machine: a port of ours opens a camera, and is for our own user alone.</summary>
internal static class LoopbackPeer
{
    private const string Table = "/proc/net/tcp";
    private const int User = 7;

    /// <summary>Whether the other end belongs to the user that this end belongs to. Other systems than Linux do not say, and are believed.</summary>
    public static bool IsOwnUser(Socket socket)
    {
        if (!OperatingSystem.IsLinux())
        {
            return true;
        }

        int here = ((IPEndPoint)socket.LocalEndPoint!).Port, there = ((IPEndPoint)socket.RemoteEndPoint!).Port;
        string? own = null, other = null;
        foreach (string line in File.ReadLines(Table).Skip(1))
        {
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length <= User || Port(words[1]) is not { } local || Port(words[2]) is not { } remote)
            {
                continue;
            }

            own = (local, remote) == (here, there) ? words[User] : own;
            other = (local, remote) == (there, here) ? words[User] : other;
        }

        return own is not null && own == other;
    }

    private static int? Port(string place) => place.StartsWith("0100007F:", StringComparison.Ordinal)
        && int.TryParse(place.AsSpan(9), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out int port) ? port : null;
}
