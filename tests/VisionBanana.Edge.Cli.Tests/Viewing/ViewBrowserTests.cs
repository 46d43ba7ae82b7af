using System.Runtime.InteropServices;
using System.Text.Json;
using VisionBanana.Edge.Cli.Pipelines;
using VisionBanana.Edge.Geometry;
using VisionBanana.Edge.Hosting.Configuration;
using VisionBanana.Edge.Navigation;
using VisionBanana.Edge.Tests.Shared;

namespace VisionBanana.Edge.Cli.Tests.Viewing;

/// <summary>The live view in a real browser: the system's Chromium, driven by playwright-core from tests/browser.</summary>
public sealed class ViewBrowserTests(ViewRun run) : IClassFixture<ViewRun>
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    private static string Scripts => Path.Combine(Nearby.RepositoryRoot, "tests", "browser");

    [Fact]
    public async Task ThePage_ShowsEveryPanelAndACloudAtTrueCoordinates()
    {
        using var work = new WorkFolder();
        JsonElement seen = await SeeAsync("cloud", work.Path);

        Assert.Equal("[]", seen.GetProperty("problems").GetRawText());
        Assert.All(seen.GetProperty("colours").EnumerateObject(), panel => Assert.True(panel.Value.GetInt32() > 5, panel.ToString()));
        Assert.Equal("[]", seen.GetProperty("drawers").GetProperty("problems").GetRawText());
        Assert.All(seen.GetProperty("drawers").GetProperty("modes").EnumerateObject(), mode =>
        {
            // The card and the processor draw the same cloud; borders of points fall on one pixel or the next.
            double covered = mode.Value.GetProperty("covered").GetDouble();
            Assert.True(covered > 0.05, mode.ToString());
            Assert.InRange(mode.Value.GetProperty("differ").GetDouble(), 0, 0.08 * covered);
        });
        float[] positions = MemoryMarshal.Cast<byte, float>(await File.ReadAllBytesAsync(Path.Combine(work.Path, "positions.bin"))).ToArray();
        Assert.Equal(seen.GetProperty("size")[0].GetInt32() * seen.GetProperty("size")[1].GetInt32() * 4, positions.Length);
        CloudPoint[] drawn = [.. positions.Chunk(4).Where(p => p[2] > 0).Select(p => new CloudPoint { X = p[0], Y = p[1], Z = p[2] })];

        // The snapshot of the same picture: the points that are published, in the same order.
        string toast = seen.GetProperty("toast").GetString()!;
        string stem = toast[toast.IndexOf("snapshot-", StringComparison.Ordinal)..^2];
        CloudPoint[] published = [.. PlyFile.Read(Path.Combine(run.Captures, $"{stem}.cloud.ply")).Points];
        Assert.True(published.Length > 10_000, $"{published.Length} points");
        Assert.Equal(published.Length, drawn.Length);
        for (int i = 0; i < drawn.Length; i++)
        {
            // Depth travels in whole millimetres.
            Assert.Equal(published[i].Z, drawn[i].Z, 0.00051f);
            Assert.Equal(published[i].X, drawn[i].X, 0.001f);
            Assert.Equal(published[i].Y, drawn[i].Y, 0.001f);
        }
    }

    [Fact]
    public async Task TheInstructionBox_ShowsMistakesWhereTheyAreAndThePainterFollows()
    {
        JsonElement seen = await SeeAsync("instructions");

        Assert.Equal("[]", seen.GetProperty("problems").GetRawText());
        JsonElement mistake = seen.GetProperty("mistake");
        Assert.Equal(("surfce", "surfce", true, "true"), (
            mistake.GetProperty("marked").GetString(), mistake.GetProperty("selected").GetString(),
            mistake.GetProperty("focused").GetBoolean(), mistake.GetProperty("invalid").GetString()));
        Assert.True(seen.GetProperty("changed").GetBoolean());
        Assert.Equal(0, seen.GetProperty("hidden").GetInt32());
    }

    [Fact]
    public async Task ThePage_IsReachedByKeyboardNamedAndFitsTheScreen()
    {
        JsonElement seen = await SeeAsync("access");

        Assert.Equal("[]", seen.GetProperty("problems").GetRawText());
        Assert.Equal("[]", seen.GetProperty("unnamed").GetRawText());
        string[] reached = [.. seen.GetProperty("reached").EnumerateArray().Select(r => r.GetString()!)];
        string[] ids =
        [
            "pause", "record", "snapshot", "theme", "cloud-canvas", "cloud-mode", "cloud-size", "panel-color", "panel-depth", "panel-labels", "tab-classes",
            "apply", "details",
        ];
        foreach (string id in ids)
        {
            Assert.Contains(id, reached);
        }

        Assert.Matches(@"^\d+\.\d+ m · trust \d+ %$", seen.GetProperty("readout").GetString());
        Assert.Equal(82, seen.GetProperty("probe").GetProperty("v").GetInt32());
        int[] wide = [.. seen.GetProperty("wide").EnumerateArray().Select(n => n.GetInt32())];
        int[] phone = [.. seen.GetProperty("phone").EnumerateArray().Select(n => n.GetInt32())];
        Assert.True(wide[0] <= wide[1] && wide[2] <= wide[3], $"1280×720 scrolls: {string.Join(", ", wide)}");
        Assert.True(phone[0] <= phone[1], $"the phone scrolls sideways: {string.Join(", ", phone)}");
    }

    [Fact]
    public async Task ThePage_ComesBackAfterARestartOfTheRun()
    {
        await using var own = new ViewRun();
        await own.InitializeAsync();
        using ExternalProcess node = Start("restart", own.Address, "");
        await node.WaitForLineAsync(l => l == "ready", Limit);

        await own.RestartAsync();

        JsonElement seen = await EndAsync(node);
        Assert.Equal("[]", seen.GetProperty("problems").GetRawText());
        Assert.Contains("lost", seen.GetProperty("lost").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Zones_DrawnAndTyped_AreInThePipelineFile()
    {
        using var work = new WorkFolder();
        await using ViewRun robot = ViewRun.OnARobot();
        await robot.InitializeAsync();
        string before = await File.ReadAllTextAsync(robot.Pipeline);
        using ExternalProcess node = Start("zones", robot.Address, work.Path);
        JsonElement seen = await EndAsync(node);

        Assert.Equal("[]", seen.GetProperty("problems").GetRawText());
        Assert.Equal("ahead", seen.GetProperty("before")[0].GetProperty("name").GetString());
        foreach ((string where, string what) in new[] { ("marked", "scan"), ("marked", "zone"), ("lines", "seen"), ("lines", "zones") })
        {
            Assert.True(seen.GetProperty(where).GetProperty(what).GetInt32() > 10, seen.GetProperty(where).GetRawText());
        }

        PipelineFile file = ToolSections.Read(robot.Pipeline);
        Assert.Equal(["ahead", "drawn", "typed"], file.Navigation!.Zones.Select(z => z.Name));
        Assert.Equal(new SectorZone(-20, 20, 2), file.Navigation.Zones[0].Shape);
        Assert.Equal(1, file.Navigation.Zones[0].MaxHidden);
        Assert.Equal(5, Assert.IsType<PolygonZone>(file.Navigation.Zones[1].Shape).Corners.Length);
        Assert.Equal(PolygonZone.Box(1, 2, -0.5f, 0.5f), file.Navigation.Zones[2].Shape);
        string after = await File.ReadAllTextAsync(robot.Pipeline);
        Assert.Equal(Without(before), Without(after));

        static string[] Without(string text) => [.. text.Split('\n').Where(l => !l.StartsWith("  - {name", StringComparison.Ordinal))];
    }

    [Fact]
    public async Task TheTape_ADistance_IsMeasuredAndSaid()
    {
        JsonElement seen = await SeeAsync("tape");
        Assert.Equal("[]", seen.GetProperty("problems").GetRawText());
        Assert.Matches(@"painted [\d.]+ m, known 2\.5 m: factor [\d.]+, spread [\d.]+ %", seen.GetProperty("said").GetString());
    }

    private async Task<JsonElement> SeeAsync(string scenario, string folder = "")
    {
        using ExternalProcess node = Start(scenario, run.Address, folder);
        return await EndAsync(node);
    }

    private static ExternalProcess Start(string scenario, string address, string folder)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/chromium"), "chromium is not installed");
        Assert.SkipUnless(ExternalProcess.Find("node") is not null, "Node.js is not installed");
        Assert.SkipUnless(
            Directory.Exists(Path.Combine(Scripts, "node_modules", "playwright-core")), "the npm packages are not installed: run `npm ci` in tests/browser");
        return new ExternalProcess("node", [Path.Combine(Scripts, "view.mjs"), scenario, address, folder]);
    }

    private static async Task<JsonElement> EndAsync(ExternalProcess node)
    {
        Assert.True(await node.WaitAsync(Limit) == 0, $"{string.Join('\n', node.Output)}\n{node.Errors}");
        return JsonDocument.Parse(node.Output[^1]).RootElement;
    }
}
