using System.Diagnostics;
using System.Text.Json;
using VisionBanana.Edge.Tests.Shared;

namespace VisionBanana.Edge.Cli.Tests.Release;

/// <summary>Which native ONNX Runtime a build brings along, evaluated without a restore; and the build for a Jetson.</summary>
public sealed class PackageChoiceTests
{
    private const string Project = "src/VisionBanana.Edge.Cli/VisionBanana.Edge.Cli.csproj";

    [Theory]
    [InlineData(null, "Microsoft.ML.OnnxRuntime")]
    [InlineData("Cpu", "Microsoft.ML.OnnxRuntime")]
    [InlineData("Gpu", "Microsoft.ML.OnnxRuntime.Gpu.Linux")]
    [InlineData("None", null)]
    public async Task PackageReference_ChoiceOfOnnxRuntime_BringsOnePackageOrNone(string? choice, string? expected)
    {
        string[] property = choice is null ? [] : [$"-p:OnnxRuntime={choice}"];

        (int code, string output) = await DotnetAsync(["msbuild", Project, "-getItem:PackageReference", .. property]);

        Assert.True(code == 0, output);
        using JsonDocument items = JsonDocument.Parse(output);
        string[] packages =
        [
            .. items.RootElement.GetProperty("Items").GetProperty("PackageReference").EnumerateArray()
                .Select(p => p.GetProperty("Identity").GetString()!).Where(p => p.StartsWith("Microsoft.ML.OnnxRuntime", StringComparison.Ordinal)),
        ];
        Assert.Equal(expected is null ? [] : [expected], packages);
    }

    [Fact]
    public async Task CheckOnnxRuntime_ChoiceThatIsNone_SaysWhichThereAre()
    {
        (int code, string output) = await DotnetAsync(["msbuild", Project, "-t:CheckOnnxRuntime", "-p:OnnxRuntime=Rocm"]);

        Assert.NotEqual(0, code);
        Assert.Contains("OnnxRuntime is 'Rocm'; expected Cpu, Gpu or None", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Publish_LinuxArm64_MakesAProgramForTheJetsonWithoutNativesOfThisMachine()
    {
        using var work = new WorkFolder();
        string output = Path.Combine(work.Path, "out");

        // The command of samples/jetson/publish.sh, with the intermediate files out of the way of other builds.
        (int code, string log) = await DotnetAsync(
        [
            "publish", Project, "-c", "Release", "-r", "linux-arm64", "--self-contained", "-p:OnnxRuntime=None", "-o", output,
            $"-p:ArtifactsPath={Path.Combine(work.Path, "artifacts")}",
        ]);

        Assert.True(code == 0, log);
        byte[] program = await File.ReadAllBytesAsync(Path.Combine(output, "vbedge"));
        const int ElfMachine = 18;
        const byte Aarch64 = 0xB7;
        Assert.Equal(Aarch64, program[ElfMachine]);
        Assert.True(File.Exists(Path.Combine(output, "assets", "models", "painter-s", "model.yaml")));
        string[] files = [.. Directory.GetFiles(output, "*", SearchOption.AllDirectories).Select(f => Path.GetFileName(f))];
        Assert.DoesNotContain(
            files, f => f.StartsWith("libonnxruntime", StringComparison.Ordinal) || f.StartsWith("libOpenCvSharpExtern", StringComparison.Ordinal));
    }

    private static async Task<(int ExitCode, string Output)> DotnetAsync(string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Nearby.RepositoryRoot,
        };

        // A build server that outlives the test would keep its output open.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0";
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output + await error);
    }
}
