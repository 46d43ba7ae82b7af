using VisionBanana.Edge.Tests.Shared;

namespace VisionBanana.Edge.Cli.Tests.Release;

/// <summary>What the README shows is what the repository holds.</summary>
public sealed class ReadmeTests
{
    [Theory]
    [InlineData("depth-from-image")]
    [InlineData("pipeline-from-code")]
    public void Readme_ItsCode_IsTheCompiledSample(string name)
    {
        string sample = File.ReadAllText(Path.Combine(Nearby.RepositoryRoot, "samples", name, "Program.cs"));
        string code = Between(sample, "#region readme\n", "#endregion").TrimEnd();

        Assert.Contains($"```csharp\n{code}\n```", File.ReadAllText(Path.Combine(Nearby.RepositoryRoot, "README.md")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task PipelineFromCode_ASourceAndASinkOfOnesOwn_PrintsDepths()
    {
        using var process = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo(
            "dotnet", [Path.Combine(AppContext.BaseDirectory, "pipeline-from-code.dll")])
        { WorkingDirectory = Nearby.RepositoryRoot, RedirectStandardOutput = true })!;
        string output = await process.StandardOutput.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(60));
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Equal(0, process.ExitCode);
        Assert.Matches(@"\d+: \d+\.\d\d m", output);
    }

    [Fact]
    public void Readme_EveryLocalLink_Exists()
    {
        foreach (string readme in Directory.GetFiles(
            Nearby.RepositoryRoot, "README.md", SearchOption.AllDirectories).Where(f => !f.Contains("node_modules", StringComparison.Ordinal)))
        {
            foreach (System.Text.RegularExpressions.Match link in System.Text.RegularExpressions.Regex.Matches(File.ReadAllText(readme), @"\]\(([^)#:]+)\)"))
            {
                string target = Path.Combine(Path.GetDirectoryName(readme)!, link.Groups[1].Value);
                Assert.True(Path.Exists(target), $"{readme} links to {link.Groups[1].Value}, which is not there");
            }
        }
    }

    [Fact]
    public async Task DepthFromImage_ARealPicture_WritesACloud()
    {
        using var work = new WorkFolder();
        string picture = Nearby.SharedData("real/tabletop-a/rgb/000.jpg");
        Directory.CreateDirectory(Path.Combine(work.Path, "models"));
        Directory.CreateSymbolicLink(Path.Combine(work.Path, "models", "painter-s"), WorkFolder.Model);
        string sample = Path.Combine(AppContext.BaseDirectory, "depth-from-image.dll");

        using var process = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo(
            "dotnet", [sample, picture, Nearby.SharedData("real/tabletop-a/camera.yaml")])
        { WorkingDirectory = work.Path })!;
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));

        Assert.Equal(0, process.ExitCode);
        Assert.True(new FileInfo(Path.Combine(work.Path, "cloud.ply")).Length > 10_000);
    }

    private static string Between(string text, string start, string end)
    {
        int from = text.IndexOf(start, StringComparison.Ordinal) + start.Length;
        return text[from..text.IndexOf(end, from, StringComparison.Ordinal)];
    }
}
