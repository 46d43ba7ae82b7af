using System.Diagnostics;
using VisionBanana.Edge.Hosting.Configuration;
using VisionBanana.Edge.Tests.Shared;

namespace VisionBanana.Edge.Cli.Tests;

/// <summary>What of samples/jetson can be run without a Jetson.</summary>
public sealed class JetsonSamplesTests
{
    private static string Folder => Path.Combine(Nearby.RepositoryRoot, "samples", "jetson");

    [Fact]
    public void Pipeline_OfTheService_IsAPipelineFile() =>
        Assert.Equal("robot", PipelineFile.Read(Path.Combine(Folder, "pipeline.yaml")).Device);

    [Fact]
    public async Task Scripts_Shellcheck_FindsNothing()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/shellcheck"), "shellcheck (Debian: shellcheck) is not installed");
        using var check = Process.Start(new ProcessStartInfo("shellcheck", Directory.GetFiles(Folder, "*.sh")) { RedirectStandardOutput = true })!;
        string output = await check.StandardOutput.ReadToEndAsync();
        await check.WaitForExitAsync();

        Assert.True(check.ExitCode == 0, output);
    }

    [Fact]
    public async Task Scripts_Bash_UnderstandsThem()
    {
        foreach (string script in Directory.GetFiles(Folder, "*.sh"))
        {
            using var check = Process.Start(new ProcessStartInfo("bash", ["-n", script]) { RedirectStandardError = true })!;
            string error = await check.StandardError.ReadToEndAsync();
            await check.WaitForExitAsync();
            Assert.True(check.ExitCode == 0, error);
        }
    }

    [Fact]
    public async Task CsiCamera_WithATestPattern_IsACameraOfThePipeline()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/gst-launch-1.0"), "gst-launch-1.0 (Debian: gstreamer1.0-tools and -plugins-good) is not installed");
        Assert.SkipUnless(File.Exists("/usr/bin/ffmpeg"), "ffmpeg is not installed");
        using var work = new WorkFolder();
        int port = WorkFolder.FreePort();
        var start = new ProcessStartInfo("bash", [Path.Combine(Folder, "csi-camera.sh")]);
        (string, string)[] variables = [("TEST_PATTERN", "1"), ("WIDTH", "640"), ("HEIGHT", "480"), ("RATE", "10"), ("PORT", $"{port}")];
        foreach ((string name, string value) in variables)
        {
            start.Environment[name] = value;
        }

        using var camera = Process.Start(start)!;
        try
        {
            // The camera is there when its port answers; how long that takes says nothing.
            Vbedge.Result result;
            int attempt = 0;
            do
            {
                result = await Vbedge.RunAsync("run", work.WritePipeline(), "--source", $"tcp://127.0.0.1:{port}", "--hfov", "60", "--frames", "3", "--json");
            }
            while (result.ExitCode != 0 && ++attempt < 10);

            Assert.True(result.ExitCode == 0, result.ToString());
            Assert.Equal(3, result.Json.GetProperty("sinks")[0].GetProperty("captured").GetInt64());
        }
        finally
        {
            camera.Kill(entireProcessTree: true);
            await camera.WaitForExitAsync();
        }
    }
}
