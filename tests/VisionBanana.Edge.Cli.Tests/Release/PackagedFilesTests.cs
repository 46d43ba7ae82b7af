using System.Text.RegularExpressions;
using System.Xml.Linq;
using VisionBanana.Edge.Tests.Shared;

namespace VisionBanana.Edge.Cli.Tests.Release;

/// <summary>What packages install beside the program says what the program says.</summary>
public sealed partial class PackagedFilesTests
{
    [Fact]
    public async Task Version_Asked_TellsCommitAndModels()
    {
        Vbedge.Result result = await Vbedge.RunAsync("--version");
        Assert.Matches(@"^vbedge \d+\.\d+\.\d+(-\S+)?, commit ([0-9a-f]{40}|unknown)\n(painter-[ms] \d+\.\d+\.\d+, fp32 [0-9a-f]{12}.*\n?)+$", result.Output);
    }

    [Fact]
    public async Task Completion_OfBash_KnowsVerbsOptionsAndTheirWords()
    {
        using var work = new WorkFolder();
        string script = work.Write("completion", (await Vbedge.RunAsync("completion")).Output);
        Assert.Equal("run record replay", await CompleteAsync("vbedge r", "run", "record", "replay"));
        Assert.Equal("build", await CompleteAsync("vbedge engine b", "build"));
        Assert.Equal("--precision", await CompleteAsync("vbedge run --pre", "--precision"));
        Assert.Equal("fp16 fp32", await CompleteAsync("vbedge run --precision f", "fp16", "fp32"));
        Assert.Equal("", await CompleteAsync("vbedge run --source cl"));

        async Task<string> CompleteAsync(string line, params string[] expected)
        {
            string words = string.Join(' ', line.Split(' ').Select(w => $"'{w}'"));
            string code = $". {script}; COMP_WORDS=({words}) COMP_CWORD={line.Split(' ').Length - 1}; _vbedge; echo \"${{COMPREPLY[*]}}\"";
            using var bash = new ExternalProcess("bash", ["-c", code]);
            Assert.Equal(0, await bash.WaitAsync(TimeSpan.FromSeconds(20)));
            return string.Join(' ', expected.Where(bash.Output[0].Split(' ').Contains)) is { Length: > 0 } found ? found : bash.Output[0];
        }
    }

    [Fact]
    public async Task Man_EveryVerbAndOption_StandsInIt()
    {
        string page = (await Vbedge.RunAsync("man")).Output.Replace("\\-", "-", StringComparison.Ordinal);
        Assert.All((string[])["vbedge run", "vbedge engine build", "vbedge calibrate mount charuco", "--instruction", "--zeromq", ".SH EXIT STATUS"],
            text => Assert.Contains(text, page, StringComparison.Ordinal));
        Assert.DoesNotMatch(@"(?m)^\.(?!TH|SH|SS|B |I |TP|PP)", page);
    }

    [Fact]
    public void Templates_TheirVersions_AreThoseOfTheRepository()
    {
        string version = Value("Directory.Build.props", "VersionPrefix");
        Dictionary<string, string> pinned = XDocument.Load(Path.Combine(Nearby.RepositoryRoot, "Directory.Packages.props")).Descendants("PackageVersion")
            .ToDictionary(e => e.Attribute("Include")!.Value, e => e.Attribute("Version")!.Value);
        string[] projects = Directory.GetFiles(Path.Combine(Nearby.RepositoryRoot, "templates", "content"), "*.csproj", SearchOption.AllDirectories);
        Assert.Equal(3, projects.Length);
        foreach (XElement reference in projects.SelectMany(p => XDocument.Load(p).Descendants("PackageReference")))
        {
            string name = reference.Attribute("Include")!.Value, expected = pinned.GetValueOrDefault(name) ?? $"{version[..version.LastIndexOf('.')]}.*";
            Assert.Equal((name, expected), (name, reference.Attribute("Version")!.Value));
        }
    }

    [Fact]
    public void Documents_TheVersionTheyName_IsTheRepositorys()
    {
        string version = Value("Directory.Build.props", "VersionPrefix");
        string[] changes = File.ReadAllLines(Path.Combine(Nearby.RepositoryRoot, "CHANGELOG.md"));
        Assert.StartsWith($"## {version}", changes.First(l => l.StartsWith("## ", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.All(DebName().Matches(File.ReadAllText(Path.Combine(Nearby.RepositoryRoot, "README.md"))), m => Assert.Equal(version, m.Groups[1].Value));
    }

    private static string Value(string file, string element) =>
        XDocument.Load(Path.Combine(Nearby.RepositoryRoot, file)).Descendants(element).Single().Value;

    [GeneratedRegex(@"vbedge_([^_]+)_(?:amd64|arm64)\.deb")]
    private static partial Regex DebName();
}
