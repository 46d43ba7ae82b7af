using System.Text.Json;
using System.Text.Json.Nodes;
using VisionBanana.Edge.Tests.Shared;

namespace VisionBanana.Edge.Cli.Tests.Bench;

/// <summary>The real tool on the bundled model; what is measured is not judged here, only that it is measured.</summary>
public sealed class BenchTests
{
    [Fact]
    public async Task Bench_TheDemo_MeasuresModelStagesFlowsAndTransports()
    {
        using var work = new WorkFolder();
        string file = Path.Combine(work.Path, "a.json");

        Vbedge.Result result = await Vbedge.RunAsync("bench", work.WritePipeline(), "--seconds", "8", "--rate", "20", "--threads", "1", "--json", "-o", file);

        Assert.True(result.ExitCode == 0, result.ToString());
        JsonElement report = result.Json;
        Assert.Equal(1, report.GetProperty("schema").GetInt32());
        Assert.Equal("cpu", report.GetProperty("model").GetProperty("provider").GetString());
        Assert.Equal(64, report.GetProperty("model").GetProperty("sha256").GetString()!.Length);
        Assert.True(report.GetProperty("machine").GetProperty("processors").GetInt32() > 0);
        Assert.All(
            ["dotnet", "onnxruntime", "opencv", "vbedge"], v => Assert.True(report.GetProperty("machine").GetProperty("versions").TryGetProperty(v, out _), v));
        Assert.All(["rectify", "paint", "decode", "cloud", "encode"], s => Assert.True(Median(report.GetProperty("stages_ms").GetProperty(s)) > 0, s));
        Assert.Equal(
            Median(report.GetProperty("pipeline_ms")) / Median(report.GetProperty("model_ms")), report.GetProperty("pipeline_over_model").GetDouble(), 1e-2);
        Assert.True(report.GetProperty("messages_over_model").GetDouble() > report.GetProperty("pipeline_over_model").GetDouble());
        Assert.InRange(report.GetProperty("model_memory_mib").GetDouble(), 5, 200);
        JsonElement[] flows = [.. report.GetProperty("flows").EnumerateArray()];
        Assert.Equal(["20_hz", "flat_out"], flows.Select(f => f.GetProperty("name").GetString()));
        Assert.All(flows, f =>
        {
            Assert.True(f.GetProperty("mean_frame_rate").GetDouble() > 0);
            Assert.InRange(f.GetProperty("num_missed_frames").GetInt32(), 0, f.GetProperty("num_frames_sent").GetInt32() - 2);
            Assert.True(f.GetProperty("max_jitter_ms").GetDouble() >= f.GetProperty("mean_jitter_ms").GetDouble());
            Assert.True(f.GetProperty("cpu_percent").GetDouble() > 0);
        });
        Assert.Equal(0, flows[1].GetProperty("num_missed_frames").GetInt32());
        Assert.Equal(
            ["none", "mqtt", "zeromq"],
            report.GetProperty("transports").EnumerateArray().Select(t => t.GetProperty("name").GetString()!.Split(',', ':')[0]));
        Assert.Equal(report.GetProperty("date").GetString(), JsonDocument.Parse(await File.ReadAllTextAsync(file)).RootElement.GetProperty("date").GetString());

        await CompareAsync(work, file);
    }

    [Fact]
    public async Task Bench_Markdown_IsTheRowAlone()
    {
        using var work = new WorkFolder();

        Vbedge.Result result = await Vbedge.RunAsync("bench", work.WritePipeline(), "--seconds", "2", "--overlap", "on", "--markdown");

        Assert.True(result.ExitCode == 0, result.ToString());
        string[] lines = result.Output.Trim().Split('\n');
        Assert.Equal(3, lines.Length);
        Assert.StartsWith("| painter-s ", lines[2], StringComparison.Ordinal);
        Assert.Equal(lines[0].Count(c => c == '|'), lines[2].Count(c => c == '|'));
    }

    [Fact]
    public async Task Bench_Interrupted_Exits130()
    {
        using var work = new WorkFolder();
        await using var bench = Vbedge.Start("bench", work.WritePipeline(), "--seconds", "3000", "--json");
        await Task.Delay(TimeSpan.FromSeconds(5));

        bench.Interrupt();
        Vbedge.Result result = await bench.ExitAsync();

        Assert.True(result.ExitCode == 130, result.ToString());
    }

    [Theory]
    [InlineData("--seconds: expected 2 to 3600 s, e.g. --seconds 30, found '1'", "--seconds", "1")]
    [InlineData("--rate: expected 0.1 to 1000 Hz, e.g. --rate 30, found '0'", "--rate", "0")]
    [InlineData("--threads: expected a whole number from 1 to 256, e.g. --threads 4, found '0'", "--threads", "0")]
    [InlineData("--fail-above needs --compare", "--fail-above", "1.1")]
    [InlineData("'perhaps'", "--overlap", "perhaps")]
    [InlineData("no-such.json: expected a report", "--compare", "no-such.json", "no-such.json")]
    [InlineData("no-such.mp4", "--source", "no-such.mp4", "--hfov", "60")]
    public async Task Bench_WrongInput_IsToldBeforeAnythingIsMeasured(string expected, params string[] args)
    {
        Vbedge.Result result = await Vbedge.RunAsync(["bench", .. args]);

        Assert.True(result.ExitCode is 1 or 2, result.ToString());
        Assert.Contains(expected, result.Error, StringComparison.Ordinal);
        Assert.Empty(result.Output);
    }

    [Fact]
    public async Task Compare_SomethingElse_SaysWhatWasExpected()
    {
        using var work = new WorkFolder();
        string file = work.Write("b.json", """{"schema": 1, "date": "x"}""");

        Vbedge.Result result = await Vbedge.RunAsync("bench", "--compare", file, file);

        Assert.True(result.ExitCode == 2, result.ToString());
        Assert.Contains("expected a report that 'vbedge bench --json' wrote", result.Error, StringComparison.Ordinal);
    }

    private static async Task CompareAsync(WorkFolder work, string file)
    {
        JsonNode slower = JsonNode.Parse(await File.ReadAllTextAsync(file))!;
        slower["pipeline_ms"]!["median"] = slower["pipeline_ms"]!["median"]!.GetValue<double>() * 2;
        slower["model"]!["version"] = "9.9.9";
        string other = work.Write("b.json", slower.ToJsonString());

        Vbedge.Result same = await Vbedge.RunAsync("bench", "--compare", file, file, "--fail-above", "1.01", "--json");
        Vbedge.Result worse = await Vbedge.RunAsync("bench", "--compare", file, other, "--fail-above", "1.5");

        Assert.True(same.ExitCode == 0, same.ToString());
        Assert.Empty(same.Json.GetProperty("differences").EnumerateArray());
        Assert.All(same.Json.GetProperty("rows").EnumerateArray(), r => Assert.Equal(1, r.GetProperty("slower").GetDouble()));
        Assert.True(worse.ExitCode == 1, worse.ToString());
        Assert.Contains("pipeline_ms is 2.00 times worse", worse.Error, StringComparison.Ordinal);
        Assert.Contains("differs: model: painter-s", worse.Output, StringComparison.Ordinal);
    }

    private static double Median(JsonElement spread) => spread.GetProperty("median").GetDouble();
}
