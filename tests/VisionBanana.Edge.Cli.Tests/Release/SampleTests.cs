using VisionBanana.Edge.Tests.Shared;

namespace VisionBanana.Edge.Cli.Tests.Release;

/// <summary>The samples in C#, each run as its reader would.</summary>
public sealed class SampleTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);

    private static string Clip => Path.Combine(WorkFolder.Demo, "room.mp4");

    [Fact]
    public async Task OwnPainter_AFloor_SaysHowFarItIs()
    {
        string[] lines = await RunAsync("own-painter", Clip, "1.5", "0");
        Assert.Equal(3, lines.Length);

        // Level, 1.5 m above the floor, 60° across 4:3: the last row is 1.5 / tan(23.3°) away.
        Assert.Equal(3.5, double.Parse(lines[0].Split(' ')[^3], System.Globalization.CultureInfo.InvariantCulture), 0.1);
    }

    [Fact]
    public async Task OwnSource_ThePipeOfAProgram_GivesDepths() =>
        Assert.All(await RunAsync("own-source", Clip), l => Assert.Matches(@"^\d+: \d+\.\d\d m$", l));

    [Fact]
    public async Task OwnTransport_Files_AreTheMessages()
    {
        using var work = new WorkFolder();
        await RunAsync("own-transport", Clip, work.Path, "3");
        Assert.Equal(3, Directory.GetFiles(work.Path, "*.depth.cdr").Length);
    }

    [Fact]
    public async Task AsyncStream_APipelineFile_YieldsDepths()
    {
        using var work = new WorkFolder();
        Assert.All(await RunAsync("async-stream", Pipeline(work)), l => Assert.Matches(@"^\d+\.\d\d m$", l));
    }

    [Fact]
    public async Task ChangeInstructions_WhileItRuns_ChangesThem()
    {
        using var work = new WorkFolder();
        string[] lines = await RunAsync("change-instructions", Pipeline(work));
        Assert.Equal(["Depth and Labels", "changed", "Normals and Labels"], [lines[0], lines[3], lines[^1]]);
    }

    [Fact]
    public async Task RunFile_AFolderWithAPipeline_RunsIt()
    {
        using var work = new WorkFolder();
        Pipeline(work);
        Assert.Contains("Published", Assert.Single(await RunAsync("run-file", work.Path, "3")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadRecording_OfTheTool_PrintsDepths()
    {
        using var work = new WorkFolder();
        string recording = Path.Combine(work.Path, "run.mcap");
        Vbedge.Result made = await Vbedge.RunAsync("run", Pipeline(work), "--frames", "5", "--record", recording, "--no-view");
        Assert.True(made.ExitCode == 0, made.ToString());
        string[] lines = await RunAsync("read-recording", recording);
        Assert.Equal(5, lines.Length);
        Assert.All(lines, l => Assert.Matches(@"^\d+: 192×144 16UC1, \d+ mm in the centre$", l));
    }

    [Fact]
    public async Task Worker_APipelineFile_LogsTheNearest()
    {
        using var work = new WorkFolder();
        using ExternalProcess worker = Start("worker", Pipeline(work));
        await worker.WaitForLineAsync(l => l.Contains(": nearest ", StringComparison.Ordinal), Limit);
    }

    [Fact]
    public async Task Subscribe_ToWhatPublishPublishes_DecodesClouds()
    {
        using var work = new WorkFolder();
        string endpoint = $"tcp://127.0.0.1:{work.ZeroMqPort}";
        using ExternalProcess subscriber = Start("subscribe", endpoint, "3");
        using ExternalProcess publisher = Start("publish", Clip, $"{work.MqttPort}", endpoint);
        Assert.Equal(0, await subscriber.WaitAsync(Limit));
        Assert.All(subscriber.Output, l => Assert.Matches(@"^vb/v1/sample/clip/cloud \d+: 192×144 points, nearest \d+\.\d\d m$", l));
    }

    /// <summary>The demo's pipeline with ZeroMQ alone.</summary>
    private static string Pipeline(WorkFolder work) =>
        work.WritePipeline(text => text.Replace($"mqtt:\n  embedded: {{port: {work.MqttPort}}}\n", "", StringComparison.Ordinal));

    private static async Task<string[]> RunAsync(params string[] words)
    {
        using ExternalProcess sample = Start(words);
        int code = await sample.WaitAsync(Limit);
        Assert.True(code == 0, $"exit {code}: {sample.Errors}");
        return sample.Output;
    }

    private static ExternalProcess Start(params string[] words) =>
        new("env", ["-C", Nearby.RepositoryRoot, "dotnet", Path.Combine(AppContext.BaseDirectory, "csharp-samples.dll"), .. words]);
}
