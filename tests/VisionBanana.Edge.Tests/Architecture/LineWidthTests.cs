using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace VisionBanana.Edge.Tests.Architecture;

/// <summary>No line of code is wider than <c>.editorconfig</c> says, which the formatter does not check.</summary>
public sealed partial class LineWidthTests
{
    private static readonly string[] Kinds = [".cs", ".ts", ".mjs", ".py"];

    [Fact]
    public void Code_NoLine_IsWiderThanTheEditorConfigSays()
    {
        int width = int.Parse(
            Setting().Match(File.ReadAllText(Path.Combine(Nearby.RepositoryRoot, ".editorconfig"))).Groups[1].Value, CultureInfo.InvariantCulture);
        var wide = new List<string>();
        foreach (string file in TrackedFiles().Where(f => Kinds.Contains(Path.GetExtension(f))))
        {
            string[] lines = File.ReadAllLines(Path.Combine(Nearby.RepositoryRoot, file));
            wide.AddRange(lines.Select((line, i) => (line, i)).Where(l => l.line.Length > width).Select(l => $"{file}:{l.i + 1} has {l.line.Length}"));
        }

        Assert.True(wide.Count == 0, $"wider than {width}:\n{string.Join('\n', wide)}");
    }

    private static string[] TrackedFiles()
    {
        using var git = Process.Start(new ProcessStartInfo("git", ["-C", Nearby.RepositoryRoot, "ls-files"]) { RedirectStandardOutput = true })!;
        string output = git.StandardOutput.ReadToEnd();
        git.WaitForExit();
        string[] files = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.True(files.Length > 100, "git lists no files here");
        return files;
    }

    [GeneratedRegex(@"max_line_length = (\d+)")]
    private static partial Regex Setting();
}
