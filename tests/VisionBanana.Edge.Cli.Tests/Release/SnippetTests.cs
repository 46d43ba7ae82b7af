using System.Text.RegularExpressions;

namespace VisionBanana.Edge.Cli.Tests.Release;

/// <summary>Code in documents is code that is compiled: each block of C# is a region of a sample.</summary>
public sealed partial class SnippetTests
{
    private static readonly string[] Left = ["node_modules", "artifacts", "/bin/", "/obj/"];

    [Fact]
    public void Documents_EveryBlockOfCSharp_IsARegionOfASample()
    {
        HashSet<string> regions =
            [.. Files("samples", "*.cs").SelectMany(f => Region().Matches(File.ReadAllText(f))).Select(m => Unindented(m.Groups[1].Value))];
        var strange = Files("", "*.md").SelectMany(f => Block().Matches(File.ReadAllText(f)).Select(m => (File: f, Code: m.Groups[1].Value.Trim())))
            .Where(b => !regions.Contains(b.Code)).ToList();

        Assert.True(regions.Count > 8);
        Assert.True(strange.Count == 0, string.Join("\n\n", strange.Select(b => $"{b.File}:\n{b.Code}")));
    }

    [Fact]
    public void Samples_EachFile_HasAtMostSixtyLines() =>
        Assert.DoesNotContain(Files("samples/csharp", "*.cs"), f => File.ReadAllLines(f).Length > 60);

    private static IEnumerable<string> Files(string folder, string pattern) =>
        Directory.GetFiles(Path.Combine(Nearby.RepositoryRoot, folder), pattern, SearchOption.AllDirectories)
            .Where(f => !Left.Any(l => f.Contains(l, StringComparison.Ordinal)));

    private static string Unindented(string code)
    {
        string[] lines = code.TrimEnd().Split('\n');
        int indent = lines.Where(l => l.Trim().Length > 0).Min(l => l.Length - l.TrimStart().Length);
        return string.Join('\n', lines.Select(l => l.Length < indent ? "" : l[indent..])).Trim();
    }

    [GeneratedRegex(@"#region readme\n(.*?)\n\s*#endregion", RegexOptions.Singleline)]
    private static partial Regex Region();

    [GeneratedRegex(@"```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();
}
