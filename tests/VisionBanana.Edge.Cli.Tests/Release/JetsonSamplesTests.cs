using System.Diagnostics;
using System.Text.RegularExpressions;
using VisionBanana.Edge.Hosting.Configuration;
using VisionBanana.Edge.Tests.Shared;

namespace VisionBanana.Edge.Cli.Tests.Release;

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
    public async Task Service_SystemdAnalyze_IsValidAndExposesLittle()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/systemd-analyze"), "systemd-analyze (Debian: systemd) is not installed");
        using var work = new WorkFolder();
        string unit = File.ReadAllText(Path.Combine(Folder, "vbedge.service"));

        // What is to be started lies on the robot; everything else is checked as it stands.
        string copy = work.Write("vbedge.service", unit.Replace("/opt/vbedge/vbedge ", "/bin/true ", StringComparison.Ordinal));
        (int verified, string problems) = await RunAsync("systemd-analyze", "verify", "--man=no", copy);
        Assert.True(verified == 0 && !problems.Contains("vbedge.service:", StringComparison.Ordinal), problems);

        (int secured, string exposure) = await RunAsync("systemd-analyze", "security", "--offline=true", "--threshold=30", "--no-pager", copy);
        Assert.True(secured == 0, exposure);
        Assert.Contains("Overall exposure level", exposure, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("build-onnxruntime.sh", "microsoft.ml.onnxruntime", "Microsoft.ML.OnnxRuntime")]
    [InlineData("build-opencvsharp.sh", "opencvsharp4", "OpenCvSharp4")]
    public void Script_ThatBuilds_PinsTheCommitOfThePackage(string script, string folder, string package)
    {
        string text = File.ReadAllText(Path.Combine(Folder, script));
        string versions = File.ReadAllText(Path.Combine(Nearby.RepositoryRoot, "Directory.Packages.props"));
        string version = Regex.Match(versions, $"Include=\"{Regex.Escape(package)}\" Version=\"([^\"]+)\"").Groups[1].Value;
        string packages = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        string description = File.ReadAllText(Path.Combine(packages, folder, version, $"{folder}.nuspec"));
        string commit = Regex.Match(description, "commit=\"([0-9a-f]{40})\"").Groups[1].Value;

        Assert.Contains($"\ncommit={commit} ", text, StringComparison.Ordinal);
        Assert.Contains("rev-parse HEAD", text, StringComparison.Ordinal);
        Assert.Contains("work=$(mktemp -d /opt/", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Scripts_OfRoot_TakeNothingThatOthersCanPlace()
    {
        foreach (string script in Directory.GetFiles(Folder, "*.sh").Where(f => Path.GetFileName(f) is not ("publish.sh" or "csi-camera.sh")))
        {
            string text = File.ReadAllText(script);
            Assert.DoesNotContain("/tmp", text, StringComparison.Ordinal);
            Assert.DoesNotContain("git clone", text, StringComparison.Ordinal);
            Assert.Matches(@"export PATH=\S*/usr/sbin:/usr/bin:/sbin:/bin", text);
            Assert.All(Regex.Matches(text, @"pip"" install.*").Select(m => m.Value), l => Assert.Contains("--require-hashes", l, StringComparison.Ordinal));
        }

        // Once the program is copied, the folder that it came from is not looked at again.
        string setup = File.ReadAllText(Path.Combine(Folder, "setup.sh"));
        string after = setup[setup.IndexOf("step \"1 JetPack\"", StringComparison.Ordinal)..];
        Assert.DoesNotContain("$here", after, StringComparison.Ordinal);
        Assert.DoesNotContain("$program", after, StringComparison.Ordinal);
        Assert.All(
            File.ReadAllLines(Path.Combine(Folder, "build-requirements.txt")).Where(l => l.Length > 0 && l[0] != '#'),
            l => Assert.Matches("==[0-9.]+ --hash=sha256:[0-9a-f]{64}", l));
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

    private static async Task<(int Code, string Output)> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output + await error);
    }
}
