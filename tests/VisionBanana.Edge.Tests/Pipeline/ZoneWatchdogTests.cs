using System.Collections.Concurrent;
using System.Text;
using VisionBanana.Edge.Instructions;
using VisionBanana.Edge.Messages;
using VisionBanana.Edge.Navigation;
using VisionBanana.Edge.Perception;
using VisionBanana.Edge.Pipeline;
using VisionBanana.Edge.Tests.Perception;

namespace VisionBanana.Edge.Tests.Pipeline;

/// <summary>Silence is never free: a pipeline that stands still says that its zones are unknown.</summary>
public sealed class ZoneWatchdogTests
{
    private static readonly NavigationOptions Navigation = new()
    {
        Obstacles = new ObstacleOptions { Floor = FloorSource.Rows },
        Zones =
        [
            new ZoneOptions { Name = "ahead", Shape = new SectorZone(-10, 10, 3), MinPoints = 1, Timeout = TimeSpan.FromMilliseconds(150) },
        ],
    };

    [Fact]
    public async Task RunAsync_PicturesThatStop_MakeZonesUnknownUntilTheyComeAgain()
    {
        using var source = new MemorySource(int.MaxValue, isLive: true);
        using var painter = new GreyPainter();
        var said = new ConcurrentQueue<(string Stream, string Text)>();
        var transport = new MemoryTransport
        {
            OnSend = (message, _) =>
            {
                if (message.Encoding == "json")
                {
                    said.Enqueue((message.Stream, Encoding.UTF8.GetString(message.Payload.Span)));
                }

                return default;
            },
        };
        var pipeline = new PerceptionPipeline(new PipelineParts
        {
            Source = source,
            Painter = painter,
            Instructions = [new ScheduledInstruction(Instruction.MetricDepth())],
            Perceive = new PerceiveOptions { Navigation = Navigation },
            Streams = new StreamOptions { Color = null, Painting = null },
            Transports = [transport],
        });
        using var stop = new CancellationTokenSource();
        Task run = pipeline.RunAsync(stop.Token);
        string Last() => said.LastOrDefault(m => m.Stream == "zones/ahead").Text ?? "";

        await UntilAsync(() => Last().Contains("\"occupied\"", StringComparison.Ordinal));
        Assert.Null(pipeline.Commands.Execute(new PauseCommand(true)));
        await UntilAsync(() => Last().Contains("no picture", StringComparison.Ordinal));
        Assert.Contains("\"unknown\"", Last(), StringComparison.Ordinal);
        Assert.Contains(said, m => m.Stream == "zone_events" && m.Text.Contains("\"before\":\"occupied\"", StringComparison.Ordinal));
        Assert.Null(pipeline.Commands.Execute(new PauseCommand(false)));
        await UntilAsync(() => Last().Contains("\"occupied\"", StringComparison.Ordinal));
        await stop.CancelAsync();
        await run;

        Assert.Contains("the pipeline has ended", Last(), StringComparison.Ordinal);
    }

    [Fact]
    public void Pipeline_ZonesWithoutDepth_AreRefused()
    {
        using var source = new MemorySource(1, isLive: false);
        using var painter = new GreyPainter { TakesLabels = true };
        ConfigurationException error = Assert.Throws<ConfigurationException>(() => new PerceptionPipeline(new PipelineParts
        {
            Source = source,
            Painter = painter,
            Instructions = [new ScheduledInstruction(Instruction.Semantic(new LabelPalette([])))],
            Perceive = new PerceiveOptions { Navigation = Navigation },
            Transports = [new MemoryTransport()],
            Streams = new StreamOptions { Color = null, Painting = null },
        }));
        Assert.Contains("add the instruction depth", error.Message, StringComparison.Ordinal);
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!condition())
        {
            await Task.Delay(10, limit.Token);
        }
    }
}
