using System.Diagnostics;
using VisionBanana.Edge.Tests.Shared;

namespace VisionBanana.Edge.Cli.Tests;

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
}
