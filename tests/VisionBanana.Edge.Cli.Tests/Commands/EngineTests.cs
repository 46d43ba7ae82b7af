using System.Text.Json;
using VisionBanana.Edge.Tests.Shared;

namespace VisionBanana.Edge.Cli.Tests.Commands;

/// <summary><c>vbedge engine</c> with the engine that this machine can build: the processor's optimised graph of the bundled model.</summary>
public sealed class EngineTests
{
    [Fact]
    public async Task Engine_BuildListRunClear_WorkTogether()
    {
        using var work = new WorkFolder();
        string cache = Path.Combine(work.Path, "cache");
        Vbedge.Result built = await Vbedge.RunAsync("engine", "build", WorkFolder.Model, "--folder", cache, "--json");
        Assert.True(built.ExitCode == 0, built.ToString());
        Assert.Contains("vbedge: building painter-s ", built.Error, StringComparison.Ordinal);
        Assert.Contains(" for cpu: ", built.Error, StringComparison.Ordinal);
        Assert.Contains("no earlier build to estimate from", built.Error, StringComparison.Ordinal);
        JsonElement[] providers = [.. built.Json.GetProperty("providers").EnumerateArray()];
        Assert.Equal(["failed", "failed", "running"], providers.Select(p => p.GetProperty("outcome").GetString()));
        Assert.Contains("-p:OnnxRuntime=Gpu", providers[0].GetProperty("message").GetString(), StringComparison.Ordinal);

        JsonElement entry = Assert.Single(await ListAsync(cache));
        Assert.Equal(("painter-s", "cpu", "current"), (Text(entry, "model"), Text(entry, "provider"), Text(entry, "state")));
        Assert.Equal(built.Json.GetProperty("folder").GetString(), Text(entry, "folder"));
        Assert.Equal(64, entry.GetProperty("key").GetProperty("model_sha256").GetString()!.Length);

        Vbedge.Result run = await Vbedge.RunAsync(
            "run", work.WritePipeline(t => t.Replace($"model: \"{WorkFolder.Model}\"", $"{{model: \"{WorkFolder.Model}\", execution: {{engine_cache: "
                + $"{{folder: cache}}}}}}", StringComparison.Ordinal)),
            "--frames", "3", "--json");
        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.DoesNotContain("building", run.Error, StringComparison.Ordinal);

        Vbedge.Result cleared = await Vbedge.RunAsync("engine", "clear", "--folder", cache, "--model", "painter-s");
        Assert.True(cleared.ExitCode == 0, cleared.ToString());
        Assert.StartsWith("removed 1 of ", cleared.Output, StringComparison.Ordinal);
        Assert.Empty(await ListAsync(cache));

        // The times of earlier builds outlive the entries.
        Vbedge.Result again = await Vbedge.RunAsync("engine", "build", WorkFolder.Model, "--folder", cache);
        Assert.Matches("about .* left|longer than", again.Error);
    }

    [Fact]
    public async Task Run_PolicyAll_BuildsTheEngineOnceAndTellsHow()
    {
        using var work = new WorkFolder();
        string pipeline = work.WritePipeline(t => t.Replace(
            $"model: \"{WorkFolder.Model}\"",
            $"{{model: \"{WorkFolder.Model}\", execution: {{prefer: [cpu], engine_cache: {{folder: cache, build: all}}}}}}", StringComparison.Ordinal));

        Vbedge.Result first = await Vbedge.RunAsync("run", pipeline, "--frames", "3", "--json");
        Vbedge.Result second = await Vbedge.RunAsync("run", pipeline, "--frames", "3", "--json");

        Assert.True(first.ExitCode == 0 && second.ExitCode == 0, $"{first}\n{second}");
        Assert.Contains("vbedge: built painter-s ", first.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("vbedge: buil", second.Error, StringComparison.Ordinal);
        Assert.All(first.Json.GetProperty("sinks").EnumerateArray(), s => Assert.Equal(3, s.GetProperty("captured").GetInt64()));
    }

    [Fact]
    public async Task EngineBuild_InterruptedWhileItWaits_EndsWith130()
    {
        using var work = new WorkFolder();
        string cache = Path.Combine(work.Path, "cache");
        Vbedge.Result built = await Vbedge.RunAsync("engine", "build", WorkFolder.Model, "--folder", cache, "--json");
        string folder = built.Json.GetProperty("folder").GetString()!;
        Directory.Delete(folder, recursive: true);
        string hash = folder[(folder.LastIndexOf('-') + 1)..];
        await using FileStream held = new(Path.Combine(cache, $".{hash}.lock"), FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        await using var waiting = Vbedge.Start("engine", "build", WorkFolder.Model, "--folder", cache);

        await waiting.WaitForErrorAsync("waiting for another process that builds painter-s");
        waiting.Interrupt();

        Assert.Equal(130, (await waiting.ExitAsync()).ExitCode);
        Assert.Empty(Directory.GetDirectories(cache));
    }

    [Fact]
    public async Task EngineBuild_ProviderThatIsNotThere_FailsWithTheReason()
    {
        Vbedge.Result result = await Vbedge.RunAsync("engine", "build", WorkFolder.Model, "--provider", "tensorrt");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("tensorrt: this ONNX Runtime was built without it", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_PrecisionThatNoFileHas_IsAWrongConfiguration()
    {
        Vbedge.Result result = await Vbedge.RunAsync("infer", "picture.jpg", "--precision", "fp8");
        Assert.Equal(2, result.ExitCode);

        using var work = new WorkFolder();
        string package = Path.Combine(work.Path, "only32");
        Directory.CreateDirectory(package);
        File.Copy(Path.Combine(WorkFolder.Model, "painter-s.onnx"), Path.Combine(package, "painter-s.onnx"));
        string[] lines = await File.ReadAllLinesAsync(Path.Combine(WorkFolder.Model, "model.yaml"));
        int input = Array.FindIndex(lines, l => l.StartsWith("input:", StringComparison.Ordinal));
        int files = Array.FindIndex(lines, l => l.StartsWith("files:", StringComparison.Ordinal));
        string[] fp32 = [.. lines[(files + 1)..input].SkipWhile(l => !l.Contains("painter-s.onnx", StringComparison.Ordinal)).Take(3)];
        await File.WriteAllLinesAsync(Path.Combine(package, "model.yaml"), [.. lines[..(files + 1)], .. fp32, .. lines[input..]]);
        Vbedge.Result run = await Vbedge.RunAsync("run", work.WritePipeline(), "--model", package, "--precision", "int8", "--frames", "1");
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("painter-s has no int8 file; it has fp32", run.Error, StringComparison.Ordinal);
    }

    private static async Task<List<JsonElement>> ListAsync(string cache)
    {
        Vbedge.Result list = await Vbedge.RunAsync("engine", "list", "--folder", cache, "--json");
        Assert.True(list.ExitCode == 0, list.ToString());
        return [.. list.Json.GetProperty("engines").EnumerateArray()];
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    [Fact]
    public async Task Engine_Verify_ComparesEveryPrecisionAndRemembersIt()
    {
        using var work = new WorkFolder();
        string cache = Path.Combine(work.Path, "cache");

        Vbedge.Result verified = await Vbedge.RunAsync("engine", "verify", WorkFolder.Model, "--folder", cache, "--json");

        Assert.True(verified.ExitCode == 0, verified.ToString());
        JsonElement[] engines = [.. verified.Json.GetProperty("engines").EnumerateArray()];
        Assert.All(engines.Where(e => Text(e, "provider") != "cpu"), e => Assert.Contains("-p:OnnxRuntime=Gpu", Text(e, "problem"), StringComparison.Ordinal));
        Assert.All(engines.Where(e => Text(e, "provider") == "cpu"), e => Assert.True(e.GetProperty("agrees").GetBoolean()));
        Assert.Contains("int8", engines.Select(e => Text(e, "precision")));

        await Vbedge.RunAsync("engine", "build", WorkFolder.Model, "--folder", cache, "--precision", "fp32");
        Assert.True(Assert.Single(await ListAsync(cache)).GetProperty("agrees").GetBoolean());
    }

    [Fact]
    public async Task Engine_VerifyOutOfBounds_FailsWithFiguresAndBounds()
    {
        using var work = new WorkFolder();
        string package = Path.Combine(work.Path, "package");
        Directory.CreateDirectory(package);
        foreach (string file in Directory.GetFiles(WorkFolder.Model).Where(f => Path.GetExtension(f) is ".onnx" or ".yaml"))
        {
            File.Copy(file, Path.Combine(package, Path.GetFileName(file)));
        }

        File.AppendAllText(Path.Combine(package, "model.yaml"), "parity: {int8: {depth_median: 0.0001}}\n");
        Vbedge.Result verified = await Vbedge.RunAsync("engine", "verify", package, "--folder", Path.Combine(work.Path, "cache"), "--provider", "cpu",
            "--precision", "int8");

        Assert.Equal(1, verified.ExitCode);
        Assert.Matches("^cpu int8: its answers are not the model.s: depth median 0[.]0[0-9]+, expected 0[.]0001 at most", verified.Output);
    }
}
