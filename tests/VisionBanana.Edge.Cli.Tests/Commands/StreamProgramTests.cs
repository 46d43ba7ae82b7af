using System.Net;
using System.Net.Sockets;
using VisionBanana.Edge.Tests.Shared;

namespace VisionBanana.Edge.Cli.Tests.Commands;

/// <summary>The ffmpeg program behind network streams: where it comes from, and what becomes of it.</summary>
public sealed class StreamProgramTests
{
    public StreamProgramTests() => Assert.SkipUnless(
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(f => File.Exists(Path.Combine(f, "ffmpeg"))), "the ffmpeg program is not installed");

    [Fact]
    public async Task Run_Killed_TakesFfmpegWithIt()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/setpriv"), "setpriv (util-linux) is not installed");
        using var work = new WorkFolder();
        using var camera = new TcpListener(IPAddress.Loopback, 0);
        camera.Start();
        string url = $"tcp://127.0.0.1:{((IPEndPoint)camera.LocalEndpoint).Port}";
        string file = work.Write(
            "p.yaml", $"version: 1\ndevice: test\ncamera:\n  source: {{address: \"{url}\", open_timeout_ms: 600000}}\ninstructions: [{{ask: depth}}]\n");
        await using var vbedge = Vbedge.Start("run", file, "--no-view");
        using TcpClient connection = await camera.AcceptTcpClientAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(60));
        byte[] buffer = new byte[64];
        ValueTask<int> end = connection.GetStream().ReadAsync(buffer, TestContext.Current.CancellationToken);
        await Task.Delay(300, TestContext.Current.CancellationToken);
        Assert.False(end.IsCompleted);

        vbedge.Kill();

        // A camera that says nothing gives ffmpeg no reason of its own to end.
        Assert.Equal(0, await end.AsTask().WaitAsync(TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public async Task Run_CameraAbsentAtTheStart_IsWaitedForAndRuns()
    {
        using var work = new WorkFolder();
        int port = WorkFolder.FreePort();
        await using var run = Vbedge.Start(
            "run",
            work.WritePipeline(t => t.Replace(
                $"{{address: \"{WorkFolder.Demo}/room.mp4\", pace: none, loop: true}}", $"http://127.0.0.1:{port}/", StringComparison.Ordinal)),
            "--frames", "3", "--no-view", "--json");
        await run.WaitForErrorAsync("it is looked for again");

        string camera = $"""
            import sys, time
            sys.path.insert(0, "{Nearby.RepositoryRoot}/tests/endurance")
            import world
            camera = world.Camera("{work.Path}/pictures", "{WorkFolder.Demo}/room.mp4", 10)
            camera.port = {port}
            camera.start()
            time.sleep(300)
            """;
        using var server = new ExternalProcess("/usr/bin/python3", ["-c", camera]);
        Vbedge.Result result = await run.ExitAsync();

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.True(result.Json.GetProperty("frames").GetInt64() > 0, result.ToString());
    }

    [Fact]
    public async Task Run_ProgramsInTheWorkingDirectory_AreNotStarted()
    {
        using var work = new WorkFolder();
        foreach (string name in new[] { "ffmpeg", "setpriv", "dpkg-query", "nvidia-smi", "nvpmodel", "xdg-open", "open", "node" })
        {
            string fake = work.Write(name, "#!/bin/sh\n: > planted-$$\n");
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(fake, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }
        }

        string file = work.Write(
            "p.yaml", "version: 1\ndevice: test\ncamera: {source: {address: \"http://127.0.0.1:1/video\", require: true}}\ninstructions: [{ask: depth}]\n");
        Vbedge.Result run = await Vbedge.RunInAsync(Path.GetDirectoryName(file)!, "run", file, "--no-view");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("delivers no picture", run.Error, StringComparison.Ordinal);
        await Vbedge.RunInAsync(work.Path, "doctor");
        string demo = work.WritePipeline(t => t + $"\nview: {{port: {WorkFolder.FreePort()}}}\n");
        Vbedge.Result opened = await Vbedge.RunInAsync(work.Path, "run", demo, "--open", "--frames", "2");
        Assert.Equal(0, opened.ExitCode);
        Assert.Empty(Directory.GetFiles(work.Path, "planted-*"));
    }
}
