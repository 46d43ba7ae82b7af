using VisionBanana.Edge.Tests.Shared;

namespace VisionBanana.Edge.Cli.Tests.Release;

/// <summary>Every stage of the painter's training at toy size, run once by models/training/smoke.py; one test tells of each.</summary>
public sealed class TrainingStagesTests(TrainingStagesTests.Smoke smoke) : IClassFixture<TrainingStagesTests.Smoke>
{
    private static readonly string[] Stages =
    [
        "lint", "render", "sheet", "dataset", "gravity", "pretrain", "tune", "paint", "distill", "doubt", "imagenet", "restore", "distill-m", "taught",
        "export", "evaluate", "card", "leaderboard", "steady", "elsewhere", "ablation",
    ];

    public static TheoryData<string> Names => [.. Stages];

    [Theory]
    [MemberData(nameof(Names))]
    public void Stage_RunsAtToySize(string name)
    {
        Assert.SkipWhen(smoke.Missing is not null, smoke.Missing ?? "");
        string line = Assert.Single(smoke.Lines, l => l.Split(' ') is [_, var told, ..] && told == name);
        Assert.SkipWhen(line.StartsWith("skipped ", StringComparison.Ordinal), line);
        Assert.True(line.StartsWith("ok ", StringComparison.Ordinal), $"{line}\n{smoke.Errors}");
    }

    [Fact]
    public void Smoke_ChecksTheStagesThatAreListedHere()
    {
        Assert.SkipWhen(smoke.Missing is not null, smoke.Missing ?? "");
        Assert.Equal(Stages, smoke.Lines.Select(l => l.Split(' ')[1]));
    }

    /// <summary>The run of the script.</summary>
    public sealed class Smoke : IAsyncLifetime
    {
        private const string Python = "/usr/bin/python3";
        private static readonly TimeSpan Limit = TimeSpan.FromMinutes(20);

        /// <summary>Why nothing was run, or null.</summary>
        public string? Missing { get; private set; }

        public string[] Lines { get; private set; } = [];

        public string Errors { get; private set; } = "";

        public async ValueTask InitializeAsync()
        {
            if (!File.Exists(Python) || !await HasModulesAsync())
            {
                Missing = $"{Python} with torch, onnx and cv2 is not there: `eng/install python3-torch python3-onnx python3-opencv`";
                return;
            }

            using var process = new ExternalProcess(Python, [Path.Combine(Nearby.RepositoryRoot, "models", "training", "smoke.py")]);
            await process.WaitAsync(Limit);
            Lines = [.. process.Output.Where(l => l.Split(' ')[0] is "ok" or "failed" or "skipped")];
            Errors = process.Errors;
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;

        private static async Task<bool> HasModulesAsync()
        {
            using var process = new ExternalProcess(Python, ["-c", "import torch, onnx, cv2"]);
            return await process.WaitAsync(Limit) == 0;
        }
    }
}
