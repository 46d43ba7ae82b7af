using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using VisionBanana.Edge.Tests.Shared;

namespace VisionBanana.Edge.Cli.Tests.Release;

/// <summary>What a build of this repository is, and what it says of itself.</summary>
public sealed class BuildTests
{
    [Fact]
    public void Binaries_ThatShip_DoNotTellWhereTheyWereBuilt()
    {
        string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        string[] files = [.. Directory.GetFiles(AppContext.BaseDirectory).Where(f => Path.GetFileName(f) is var name
            && (name.StartsWith("VisionBanana.Edge", StringComparison.Ordinal) || name.StartsWith("vbedge", StringComparison.Ordinal))
            && !name.Contains("Tests", StringComparison.Ordinal) && Path.GetExtension(name) is ".dll" or ".pdb")];
        Assert.True(files.Length >= 8, string.Join(' ', files));
        foreach (string file in files)
        {
            string content = Encoding.Latin1.GetString(File.ReadAllBytes(file));
            Assert.All([Nearby.RepositoryRoot, Path.Combine(home, ".nuget")], path =>
            {
                Assert.False(content.Contains(path, StringComparison.Ordinal), $"{file} holds {path}");
                Assert.False(content.Contains(string.Join('\0', path.ToCharArray()), StringComparison.Ordinal), $"{file} holds {path}");
            });
        }
    }

    [Fact]
    public async Task Build_InTwoFolders_GivesTheSameBytes()
    {
        using var work = new WorkFolder();
        byte[][] built = [await BuildAsync(Path.Combine(work.Path, "first")), await BuildAsync(Path.Combine(work.Path, "second and longer"))];
        Assert.True(built[0].Length > 2000);
        Assert.Equal(built[0], built[1]);
    }

    [Fact]
    public void Restore_Projects_AsksForKnownWeaknesses()
    {
        string properties = File.ReadAllText(Path.Combine(Nearby.RepositoryRoot, "Directory.Build.props"));
        Assert.Contains("<NuGetAudit>true</NuGetAudit>", properties, StringComparison.Ordinal);
        Assert.Contains("<NuGetAuditMode>all</NuGetAuditMode>", properties, StringComparison.Ordinal);
        Assert.All(Directory.GetFiles(Nearby.RepositoryRoot, "*.csproj", SearchOption.AllDirectories),
            f => Assert.DoesNotContain("NuGetAudit", File.ReadAllText(f), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Sbom_OfThisTree_NamesEveryPackageAndIsTheSameTwice()
    {
        (int code, string text) = await RunAsync(Nearby.RepositoryRoot, "python3", Path.Combine(Nearby.RepositoryRoot, "eng", "sbom"));
        Assert.True(code == 0, text);
        Assert.Equal(text, (await RunAsync(Nearby.RepositoryRoot, "python3", Path.Combine(Nearby.RepositoryRoot, "eng", "sbom"))).Output);

        JsonElement bom = JsonDocument.Parse(text).RootElement;
        Assert.Equal(("CycloneDX", "1.6"), (bom.GetProperty("bomFormat").GetString(), bom.GetProperty("specVersion").GetString()));
        HashSet<string> named = [.. bom.GetProperty("components").EnumerateArray().Select(c => c.GetProperty("bom-ref").GetString()!)];
        string[] locks = Directory.GetFiles(Path.Combine(Nearby.RepositoryRoot, "src"), "packages.lock.json", SearchOption.AllDirectories);
        Assert.NotEmpty(locks);
        foreach (JsonProperty package in locks
            .SelectMany(l => JsonDocument.Parse(File.ReadAllText(l)).RootElement.GetProperty("dependencies").EnumerateObject())
            .SelectMany(f => f.Value.EnumerateObject())
            .Where(p => p.Value.TryGetProperty("resolved", out _) && !p.Name.EndsWith("Analyzers", StringComparison.Ordinal)))
        {
            Assert.Contains($"pkg:nuget/{package.Name}@{package.Value.GetProperty("resolved").GetString()}", named);
        }

        Assert.Contains(named, n => n.StartsWith("pkg:npm/three@", StringComparison.Ordinal));
        Assert.All(bom.GetProperty("components").EnumerateArray(), c => Assert.NotEmpty(c.GetProperty("hashes")[0].GetProperty("content").GetString()!));
    }

    [Fact]
    public void SecurityPolicy_ThreatTable_NamesTestsThatExist()
    {
        string policy = File.ReadAllText(Path.Combine(Nearby.RepositoryRoot, "SECURITY.md"));
        string[] rows = [.. policy.Split('\n').Where(l => l.StartsWith("| ", StringComparison.Ordinal)).Skip(1)];
        HashSet<string> tests = [.. Directory.GetFiles(Path.Combine(Nearby.RepositoryRoot, "tests"), "*Tests.cs", SearchOption.AllDirectories)
            .Select(f => Path.GetFileNameWithoutExtension(f))];
        Assert.True(rows.Length >= 20, $"{rows.Length} rows");
        Assert.All(rows, row =>
        {
            string[] named = [.. Regex.Matches(row.Split('|')[^2], "`(\\w+)`").Select(m => m.Groups[1].Value)];
            Assert.True(named.Length > 0, $"no test shows: {row}");
            Assert.All(named, name => Assert.Contains(name, tests));
        });
    }

    /// <summary>A small library under the rules of this repository, in a folder of its own.</summary>
    private static async Task<byte[]> BuildAsync(string folder)
    {
        string project = Path.Combine(folder, "src", "Small");
        Directory.CreateDirectory(project);
        foreach (string file in Directory.GetFiles(Nearby.RepositoryRoot, "Directory.*").Concat(Directory.GetFiles(Nearby.RepositoryRoot, "BannedSymbols*"))
            .Append(Path.Combine(Nearby.RepositoryRoot, "global.json")).Append(Path.Combine(Nearby.RepositoryRoot, ".editorconfig")))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        }

        Copy("eng", "*.props");
        Copy(Path.Combine("src", "VisionBanana.Edge.Analyzers"), "*.*");
        File.WriteAllText(Path.Combine(project, "Small.csproj"), "<Project Sdk=\"Microsoft.NET.Sdk\" />");
        foreach (string file in new[] { "Redactor.cs", "CaptureTime.cs" })
        {
            File.Copy(Path.Combine(Nearby.RepositoryRoot, "src", "VisionBanana.Edge", file), Path.Combine(project, file));
        }

        (int code, string output) = await RunAsync(
            project,
            Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet",
            "build", "-c", "Release", "-p:NuGetAudit=false", "-nodeReuse:false");
        Assert.True(code == 0, output);
        return File.ReadAllBytes(Path.Combine(folder, "artifacts", "bin", "Small", "release", "Small.dll"));

        // What the rules of the repository refer to.
        void Copy(string place, string pattern)
        {
            string from = Path.Combine(Nearby.RepositoryRoot, place);
            foreach (string file in Directory.Exists(from) ? Directory.GetFiles(from, pattern) : [])
            {
                Directory.CreateDirectory(Path.Combine(folder, place));
                File.Copy(file, Path.Combine(folder, place, Path.GetFileName(file)));
            }
        }
    }

    private static async Task<(int Code, string Output)> RunAsync(string folder, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder };
        using var process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, process.ExitCode == 0 ? output : output + await error);
    }
}
