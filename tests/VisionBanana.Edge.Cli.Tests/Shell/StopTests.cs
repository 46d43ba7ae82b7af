using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using VisionBanana.Edge.Tests.Shared;

namespace VisionBanana.Edge.Cli.Tests.Shell;

/// <summary>A signal that comes while a file is read or opened.</summary>
public sealed class StopTests
{
    [Fact]
    public async Task Interrupt_WhileAFileIsRead_EndsIt()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/mkfifo"), "mkfifo (coreutils) is not installed");
        using var work = new WorkFolder();
        string pipe = Path.Combine(work.Path, "pipeline.yaml");
        using (var mkfifo = Process.Start("/usr/bin/mkfifo", [pipe]))
        {
            await mkfifo.WaitForExitAsync();
        }

        await using var vbedge = Vbedge.Start("run", pipe, "--json");
        Task<Vbedge.Result> ended = vbedge.ExitAsync();

        // It is open for writing when somebody reads; nothing is ever written.
        await using FileStream writer = await Task.Run(() => new FileStream(pipe, FileMode.Open, FileAccess.Write)).WaitAsync(TimeSpan.FromSeconds(90));
        vbedge.Terminate();
        Vbedge.Result result = await ended;

        Assert.Equal(130, result.ExitCode);
        Assert.Equal("interrupted", result.Json.GetProperty("error").GetString());
    }

    [Theory]
    [InlineData("TERM")]
    [InlineData("HUP")]
    [InlineData("QUIT")]
    public async Task Signal_WhileRecordOpensItsCamera_EndsItAndSaysNothingElse(string signal)
    {
        using var work = new WorkFolder();
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        await using var vbedge = Vbedge.Start(
            "record", Path.Combine(work.Path, "taken.mcap"), "--source", $"http://127.0.0.1:{((IPEndPoint)silent.LocalEndpoint).Port}/x", "--hfov", "60",
            "--json");
        using TcpClient asked = await silent.AcceptTcpClientAsync(TestContext.Current.CancellationToken);

        vbedge.Signal(signal);
        Vbedge.Result result = await vbedge.ExitAsync();

        Assert.True(result.ExitCode == 130, result.ToString());
        Assert.Equal("", result.Error);
        Assert.Equal("interrupted", result.Json.GetProperty("error").GetString());
    }
}
