using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using VisionBanana.Edge.Network;

namespace VisionBanana.Edge.Tests.Network;

public sealed class LoopbackPeerTests
{
    [Theory]
    [InlineData(0, true)]
    [InlineData(65534, false)]
    public async Task IsOwnUser_ProgramOfAUser_IsTold(int user, bool expected)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.UserName == "root", "only root can start a program of another user");
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;
        using var program = Process.Start(
            "setpriv", [$"--reuid={user}", "--clear-groups", "bash", "-c", $"exec 3<>/dev/tcp/127.0.0.1/{port}; read -t 30 -u 3"]);
        using Socket socket = await listener.AcceptSocketAsync(TestContext.Current.CancellationToken);

        Assert.Equal(expected, LoopbackPeer.IsOwnUser(socket));

        socket.Close();
        await program.WaitForExitAsync(TestContext.Current.CancellationToken);
    }
}
