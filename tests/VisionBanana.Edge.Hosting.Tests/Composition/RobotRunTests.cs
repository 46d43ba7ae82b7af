using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using VisionBanana.Edge.Diagnostics;
using VisionBanana.Edge.Hosting.Composition;
using VisionBanana.Edge.Hosting.Configuration;
using VisionBanana.Edge.Perception;
using VisionBanana.Edge.Pipeline;
using VisionBanana.Edge.Tests.Shared;

namespace VisionBanana.Edge.Hosting.Tests.Composition;

public sealed class RobotRunTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private static string Text(string rear) => $$"""
        version: 1
        device: test
        cameras:
          front:
            source: {address: "{{Nearby.RepositoryRoot}}/samples/demo/room.mp4", pace: none, loop: true}
            calibration: "{{Nearby.RepositoryRoot}}/calibration/demo-room.yaml"
          rear: {{rear}}
        painter:
          model: "{{Nearby.BundledPainter}}"
        instructions: [depth]
        """;

    private static string Clip => $"{{source: {{address: \"{Nearby.RepositoryRoot}/samples/demo/room.mp4\", pace: none}}, hfov_deg: 60}}";

    [Fact]
    public async Task RunAsync_TwoCameras_EachHasBooksThatBalanceAndAShareOfThePainter()
    {
        using var folder = new WorkFolder();
        var counters = new List<DemoFile.Counter>();
        var request = new PipelineRequest
        {
            MaxFrames = 8,
            PerceptSinks = _ =>
            {
                counters.Add(new DemoFile.Counter());
                return [counters[^1]];
            },
        };
        await using RobotRun run = await RobotRun.OpenAsync(RobotFile.Read(folder.Write("p.yaml", Text(Clip))), request, CancellationToken.None);

        await run.RunAsync(CancellationToken.None);

        Assert.Equal(["front 8", "rear 8"], run.Shares.Select(s => $"{s.Camera} {s.Pictures}"));
        foreach (CameraRun camera in run.Cameras)
        {
            SinkFlow books = Assert.Single(camera.Opened!.Pipeline.Report().Sinks);
            Assert.Equal((8, 0), (books.Captured, books.InFlight));
            Assert.Equal(books.Captured, books.Published + books.Dropped.Values.Sum());
        }

        Assert.All(counters, c => Assert.True(c.IsDisposed));
    }

    [Fact]
    public async Task OpenAsync_TheSecondCameraIsWrong_IsNamed()
    {
        using var folder = new WorkFolder();
        string file = folder.Write("p.yaml", Text("{source: nothing.mp4}"));
        CameraException error = await Assert.ThrowsAsync<CameraException>(
            () => RobotRun.OpenAsync(RobotFile.Read(file), new PipelineRequest { PerceptSinks = _ => [new DemoFile.Counter()] }, CancellationToken.None));
        Assert.StartsWith("camera rear: ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenAsync_ACameraWithoutCalibrationIsAskedForDepth_IsNamed()
    {
        using var folder = new WorkFolder();
        string file = folder.Write("p.yaml", Text($"{{source: \"{Nearby.RepositoryRoot}/samples/demo/room.mp4\"}}"));
        ConfigurationException error = await Assert.ThrowsAsync<ConfigurationException>(
            () => RobotRun.OpenAsync(RobotFile.Read(file), new PipelineRequest { PerceptSinks = _ => [new DemoFile.Counter()] }, CancellationToken.None));
        Assert.StartsWith("camera rear: Depth and normals need a calibrated camera", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_ARequiredCameraEnds_TheRunEnds()
    {
        using var folder = new WorkFolder();
        string rear = Clip.Replace("pace: none", "pace: none, require: true", StringComparison.Ordinal);
        var request = new PipelineRequest { PerceptSinks = _ => [new DemoFile.Counter()] };
        await using RobotRun run = await RobotRun.OpenAsync(RobotFile.Read(folder.Write("p.yaml", Text(rear))), request, CancellationToken.None);

        // The front camera loops for ever.
        await run.RunAsync(CancellationToken.None).WaitAsync(Limit);

        Assert.All(run.Cameras, c => Assert.Equal(0, c.Opened!.Pipeline.Report().Sinks.Sum(s => s.InFlight)));
    }

    [Fact]
    public async Task RunAsync_ACameraNeverComes_WhatItSharesWithTheOthersIsClosedAtTheEnd()
    {
        using var folder = new WorkFolder();
        string recording = Path.Combine(folder.Path, "run.mcap");
        var counters = new Dictionary<string, DemoFile.Counter>();
        var request = new PipelineRequest
        {
            MaxFrames = 4,
            PerceptSinks = file => [counters[file.Camera.Name] = new DemoFile.Counter()],
            Recording = new RecordingRequest(recording, IncludeSource: false),
        };
        string text = Text("{source: /dev/video97, hfov_deg: 60}").Replace("loop: true", "require: true", StringComparison.Ordinal);
        await using RobotRun run = await RobotRun.OpenAsync(RobotFile.Read(folder.Write("p.yaml", text)), request, CancellationToken.None);

        await run.RunAsync(CancellationToken.None).WaitAsync(Limit);

        Assert.Null(run.Cameras[1].Opened);
        Assert.All(counters.Values, c => Assert.True(c.IsDisposed));
        Assert.Equal("MCAP0"u8, File.ReadAllBytes(recording).AsSpan()[^7..^2]);
    }

    [Fact]
    public async Task RunAsync_TheTransportOfACameraThatComesLateFails_TheOthersGoOn()
    {
        using var folder = new WorkFolder();
        string flag = Path.Combine(folder.Path, "flag");
        string script = folder.Write("late.sh", $"if [ -e {flag} ]; then exec cat /dev/zero; fi\ntouch {flag}\n");
        string rear = $"{{source: {{address: \"exec:sh {script}\", format: nv12, width: 64, height: 48, rate_hz: 30}}, hfov_deg: 60}}";
        var request = new PipelineRequest { PerceptSinks = file => [file.Camera.Name == "rear" ? new Unreachable() : new DemoFile.Counter()] };
        await using RobotRun run = await RobotRun.OpenAsync(RobotFile.Read(folder.Write("p.yaml", Text(rear))), request, CancellationToken.None);
        Assert.Null(run.Cameras[1].Opened);
        using var stop = new CancellationTokenSource();
        Task running = run.RunAsync(stop.Token);
        Assert.True(SpinWait.SpinUntil(() => run.Cameras[1].Failure is not null, Limit));

        PerceptionPipeline front = run.Cameras[0].Opened!.Pipeline;
        long perceived = front.Report().Perceived;
        Assert.True(SpinWait.SpinUntil(() => front.Report().Perceived > perceived + 5, Limit));

        await stop.CancelAsync();
        TransportException error = await Assert.ThrowsAsync<TransportException>(() => running);
        Assert.Equal("camera rear: nobody answers", error.Message);
    }

    [Fact]
    public async Task AddVisionBanana_TwoCameras_BothRunInAHostAndOneSinkTakesBoth()
    {
        using var folder = new WorkFolder();
        var sink = new DemoFile.Counter();
        string file = folder.Write("p.yaml", Text(Clip.Replace("pace: none", "pace: none, loop: true", StringComparison.Ordinal)));
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton<IPerceptSink>(sink);
        builder.Services.AddVisionBanana(options => options.PipelineFile = file);
        using IHost host = builder.Build();
        await host.StartAsync();
        PipelineService service = host.Services.GetRequiredService<PipelineService>();
        Assert.True(SpinWait.SpinUntil(() => service.Pipelines.Count == 2 && service.Pipelines.Values.All(p => p.Report().Perceived > 2), Limit));

        HealthReport health = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();
        Assert.Equal(HealthStatus.Healthy, health.Status);
        await host.StopAsync();
        Assert.True(sink is { IsDisposed: true, Depths: >= 4 });
    }

    private sealed class Unreachable : IPerceptSink
    {
        public string Name => "unreachable";

        public string State => "unreachable";

        public Task StartAsync(CancellationToken cancellationToken) => throw new TransportException("nobody answers");

        public DropReason? Show(PerceptionFrame frame) => null;

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
