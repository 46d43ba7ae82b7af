using System.Text.Json;
using VisionBanana.Edge.Tests.Shared;

namespace VisionBanana.Edge.Cli.Tests.Setup;

/// <summary>The first screen, in a real browser: from a clip and a mount by hand to a pipeline file that runs.</summary>
public sealed class SetupBrowserTests
{
    [Fact]
    public async Task ThePage_ACameraAndAMount_BecomeAPipelineThatRuns()
    {
        string scripts = Path.Combine(Nearby.RepositoryRoot, "tests", "browser");
        Assert.SkipUnless(File.Exists("/usr/bin/chromium"), "chromium is not installed");
        Assert.SkipUnless(Directory.Exists(Path.Combine(scripts, "node_modules", "playwright-core")), "run `npm ci` in tests/browser");
        using var work = new WorkFolder();
        string path = Path.Combine(work.Path, "mine.yaml"), clip = Path.Combine(WorkFolder.Demo, "room.mp4");
        int port = WorkFolder.FreePort();
        await using Vbedge setup = Vbedge.Start("setup", "-o", path, "--view", $"127.0.0.1:{port}");
        await setup.ListeningAsync(port);

        using var node = new ExternalProcess("node", [Path.Combine(scripts, "setup.mjs"), $"http://127.0.0.1:{port}/", clip]);
        Assert.True(await node.WaitAsync(TimeSpan.FromMinutes(4)) == 0, $"{string.Join('\n', node.Output)}\n{node.Errors}");
        JsonElement seen = JsonDocument.Parse(node.Output[^1]).RootElement;
        Assert.Equal("[]", seen.GetProperty("problems").GetRawText());
        Assert.Equal("[]", seen.GetProperty("unnamed").GetRawText());
        Assert.Contains("no-such-clip.mp4", seen.GetProperty("refused").GetString(), StringComparison.Ordinal);
        JsonElement agrees = seen.GetProperty("agrees");
        Assert.True(agrees.GetProperty("right").GetInt32() > agrees.GetProperty("wrong").GetInt32(), agrees.ToString());
        Assert.True(seen.GetProperty("wide")[0].GetInt32() <= seen.GetProperty("wide")[1].GetInt32());

        string text = File.ReadAllText(path).Replace("1883", $"{work.MqttPort}", StringComparison.Ordinal)
            .Replace("5556", $"{work.ZeroMqPort}", StringComparison.Ordinal).Replace("8765", $"{WorkFolder.FreePort()}", StringComparison.Ordinal);
        Assert.Contains("\"painting\": false", text, StringComparison.Ordinal);
        File.WriteAllText(path, text);
        Vbedge.Result run = await Vbedge.RunAsync("run", path, "--frames", "5", "--no-view", "--json");
        Assert.True(run.ExitCode == 0, run.ToString());
    }

    [Fact]
    public async Task Setup_AFileThatIsThere_IsNotTouched()
    {
        using var work = new WorkFolder();
        Vbedge.Result result = await Vbedge.RunAsync("setup", "-o", work.Write("mine.yaml", "mine"));
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("is there already", result.Error, StringComparison.Ordinal);
    }
}
