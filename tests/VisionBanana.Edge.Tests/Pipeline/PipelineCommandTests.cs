using FsCheck.Xunit;
using VisionBanana.Edge.Diagnostics;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Instructions;
using VisionBanana.Edge.Messages;
using VisionBanana.Edge.Perception;
using VisionBanana.Edge.Pipeline;
using VisionBanana.Edge.Tests.Perception;

namespace VisionBanana.Edge.Tests.Pipeline;

public sealed class PipelineCommandTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Pause_ALiveCamera_DropsItsPicturesAsPaused()
    {
        using var run = new Run(50, isLive: true);
        Assert.Null(run.Commands.Execute(new PauseCommand(true)));

        await run.EndAsync();

        Assert.Equal((50, 0, 0), (run.Flow.Captured, run.Flow.Published, run.Flow.InFlight));
        Assert.InRange(run.Flow.Dropped[DropReason.Paused], 1, 50);
        Assert.All(run.Flow.Dropped.Keys, reason => Assert.True(reason is DropReason.Paused or DropReason.Superseded, reason.ToString()));
    }

    [Fact]
    public async Task Frame_WhilePaused_LetsExactlyOnePictureThrough()
    {
        using var run = new Run(50, isLive: true);
        Assert.Null(run.Commands.Execute(new PauseCommand(true)));
        Assert.Null(run.Commands.Execute(new FrameCommand()));
        Assert.Null(run.Commands.Execute(new FrameCommand("depth")));

        await run.EndAsync();

        Assert.Equal(1, run.Flow.Published);
        Assert.True(run.Commands.State.IsPaused);
    }

    [Fact]
    public async Task Pause_AFile_HoldsItBackAndLosesNothing()
    {
        using var run = new Run(20, isLive: false);
        run.Commands.Execute(new PauseCommand(true));
        Task end = run.EndAsync();
        for (int asked = 1; asked <= 3; asked++)
        {
            run.Commands.Execute(new FrameCommand());
            await run.UntilAsync(() => run.Flow.Published == asked);

            // Let through, held at the gate, two queued, one in the hands of the source.
            Assert.InRange(run.Flow.Captured, asked, asked + 4);
        }

        Assert.False(end.IsCompleted);
        run.Commands.Execute(new PauseCommand(false));
        await end;

        Assert.Equal((20, 20), (run.Flow.Captured, run.Flow.Published));
    }

    [Fact]
    public async Task Cancel_WhileAFileIsHeld_EndsAndCountsWhatWaited()
    {
        using var run = new Run(20, isLive: false);
        run.Commands.Execute(new PauseCommand(true));
        using var cancel = new CancellationTokenSource();
        Task end = run.EndAsync(cancel.Token);
        await run.UntilAsync(() => run.Flow.Captured >= 3);
        await cancel.CancelAsync();
        await end;

        await run.UntilAsync(() => run.Flow.InFlight == 0);
        Assert.Equal(run.Flow.Captured, run.Flow.Dropped[DropReason.Stopped]);
    }

    [Property(MaxTest = 15)]
    public void Execute_AnySequenceWhileRunning_KeepsTheLaw(bool isLive, byte[] commands)
    {
        using var run = new Run(60, isLive);
        Task end = run.EndAsync();
        foreach (byte command in commands)
        {
            Assert.Null(run.Commands.Execute((command % 4) switch
            {
                0 => new PauseCommand(true),
                1 => new PauseCommand(false),
                2 => new FrameCommand(),
                _ => new SetInstructionsCommand([new AskedInstruction("depth", (command % 3) + 1)]),
            }));
            Assert.True(run.Flow.IsBalanced);
            Thread.Yield();
        }

        run.Commands.Execute(new PauseCommand(false));
        Assert.True(end.Wait(Limit));
        Assert.Equal(0, run.Flow.InFlight);
        Assert.True(run.Flow.IsBalanced);
        Assert.True(isLive || run.Flow.Published == 60);
    }

    [Fact]
    public void SetInstructions_Answerable_ChangesTheStateAndTellsOnce()
    {
        using var run = new Run(1, isLive: false);
        int told = 0;
        run.Commands.StateChanged += (_, _) => told++;
        Assert.Null(run.Commands.Execute(new SetInstructionsCommand([new AskedInstruction("depth", 5)])));
        Assert.Equal([new AskedInstruction(Instruction.MetricDepth().Prompt, 5)], run.Commands.State.Instructions);
        Assert.Equal(1, told);
        Assert.Null(run.Commands.Execute(new SetInstructionsCommand(run.Commands.State.Instructions)));
    }

    [Theory]
    [InlineData("depht", "depht")]
    [InlineData("normals", "it knows only depth")]
    public void SetInstructions_OneThatCannotBeAnswered_ChangesNothingAndSaysWhy(string ask, string expected)
    {
        using var run = new Run(1, isLive: false);
        run.Commands.StateChanged += (_, _) => Assert.Fail("nothing changed");
        PipelineState before = run.Commands.State;
        Assert.Contains(expected, run.Commands.Execute(new SetInstructionsCommand([new("depth", 2), new(ask)])), StringComparison.Ordinal);
        Assert.Contains(expected, run.Commands.Execute(new FrameCommand(ask)), StringComparison.Ordinal);
        Assert.Contains("1 to 64", run.Commands.Execute(new SetInstructionsCommand([])), StringComparison.Ordinal);
        Assert.Contains("2 times", run.Commands.Execute(new SetInstructionsCommand([new("depth"), new("depth", 2)])), StringComparison.Ordinal);
        Assert.Contains("'every'", run.Commands.Execute(new SetInstructionsCommand([new("depth", 0)])), StringComparison.Ordinal);
        Assert.Equal(before.Instructions, run.Commands.State.Instructions);
    }

    [Fact]
    public void SetInstructions_DepthOfAnUncalibratedCamera_Refused()
    {
        using var run = new Run(1, isLive: false, calibrated: false);
        Assert.Contains("calibrated", run.Commands.Execute(new SetInstructionsCommand([new("depth")])), StringComparison.Ordinal);
    }

    private sealed class Run : IDisposable
    {
        private readonly MemorySource _source;
        private readonly GreyPainter _painter = new() { TakesLabels = true };
        private readonly PerceptionPipeline _pipeline;

        public Run(int pictures, bool isLive, bool calibrated = true)
        {
            _source = calibrated ? new MemorySource(pictures, isLive) : new MemorySource(pictures, isLive) { Intrinsics = null };
            _pipeline = new PerceptionPipeline(new PipelineParts
            {
                Device = "test",
                Source = _source,
                Painter = _painter,
                Instructions = [new ScheduledInstruction(
                    calibrated ? Instruction.MetricDepth() : Instruction.Parse("labels", new LabelPalette([new LabelColour(0, "wall", new Rgb24(1, 2, 3))])))],
                Images = new Shared.MarkedImageEncoder(),
                Streams = new StreamOptions { Color = null, Painting = null },
                Transports = [new MemoryTransport()],
                Sinks = new SinkOptions { Capacity = 64 },
            });
        }

        public ICommandHandler Commands => _pipeline.Commands;

        public SinkFlow Flow => _pipeline.Report().Sinks[0];

        public Task EndAsync(CancellationToken cancellationToken = default) => _pipeline.RunAsync(cancellationToken).WaitAsync(Limit, CancellationToken.None);

        public async Task UntilAsync(Func<bool> done)
        {
            using var limit = new CancellationTokenSource(Limit);
            while (!done())
            {
                Assert.False(limit.IsCancellationRequested, $"it did not happen in time: {Flow}");
                await Task.Delay(5);
            }
        }

        public void Dispose()
        {
            _source.Dispose();
            _painter.Dispose();
        }
    }
}
