using FsCheck.Xunit;
using VisionBanana.Edge.Diagnostics;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Instructions;
using VisionBanana.Edge.Messages;
using VisionBanana.Edge.Perception;
using VisionBanana.Edge.Pipeline;
using VisionBanana.Edge.Tests.Perception;

namespace VisionBanana.Edge.Tests.Pipeline;

public sealed class PerceptionPipelineTests
{
    private static readonly StreamOptions Streams = new() { Color = null, Painting = null };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RunAsync_AFile_PublishesEveryPictureInOrderToEverySink(bool overlap)
    {
        using var source = new MemorySource(20, isLive: false);
        using var painter = new GreyPainter();
        MemoryTransport a = new("a"), b = new("b");
        var pipeline = new PerceptionPipeline(Parts(source, painter, a, b) with { Overlap = overlap, Sinks = new SinkOptions { Capacity = 64 } });

        await pipeline.RunAsync(CancellationToken.None);

        PipelineReport report = pipeline.Report();
        Assert.All(report.Sinks, s => Assert.Equal((20, 20, 0), (s.Captured, s.Published, s.InFlight)));
        Assert.All([a, b], t => Assert.Equal(
            Enumerable.Range(0, 20).Select(i => (long)i),
            t.Sent.Where(m => m.Stream == VisionBanana.Edge.Messages.Streams.Cloud).Select(m => m.Sequence)));
        Assert.All([a, b], t => Assert.True(t.IsDisposed));
        Assert.Contains(report.Latencies, l => l.Key == "paint");
    }

    [Fact]
    public async Task RunAsync_MaxFrames_EndsAfterThatManyCaptured()
    {
        using var source = new MemorySource(1000, isLive: false);
        using var painter = new GreyPainter();
        var pipeline = new PerceptionPipeline(Parts(source, painter, new MemoryTransport()) with
        {
            MaxFrames = 7,
            Sinks = new SinkOptions { Capacity = 64 },
        });

        await pipeline.RunAsync(CancellationToken.None);

        SinkFlow flow = Assert.Single(pipeline.Report().Sinks);
        Assert.Equal((7, 7, 0), (flow.Captured, flow.Published, flow.InFlight));
    }

    [Fact]
    public async Task RunAsync_OneBrokenSink_CostsTheOtherNothing()
    {
        using var source = new MemorySource(20, isLive: false);
        using var painter = new GreyPainter();
        var broken = new MemoryTransport("broken") { OnSend = (_, _) => throw new InvalidOperationException("broken") };
        var refusing = new MemoryTransport("refusing") { OnSend = (_, _) => new(DropReason.NotConnected) };
        var good = new MemoryTransport("good");
        var pipeline = new PerceptionPipeline(Parts(source, painter, broken, refusing, good) with { Sinks = new SinkOptions { Capacity = 64 } });

        await pipeline.RunAsync(CancellationToken.None);

        IReadOnlyList<SinkFlow> sinks = pipeline.Report().Sinks;
        Assert.Equal(20, sinks[0].Dropped[DropReason.SendFailed]);
        Assert.Equal(20, sinks[1].Dropped[DropReason.NotConnected]);
        Assert.Equal(20, sinks[2].Published);
    }

    [Fact]
    public async Task RunAsync_StuckSink_EndsWithinTheFlushTimeAndCountsTheRest()
    {
        using var source = new MemorySource(10, isLive: false);
        using var painter = new GreyPainter();
        var stuck = new MemoryTransport
        {
            OnSend = async (_, token) =>
            {
                await Task.Delay(Timeout.Infinite, token);
                return null;
            },
        };
        var pipeline = new PerceptionPipeline(Parts(source, painter, stuck) with
        {
            Sinks = new SinkOptions { Capacity = 3, FlushTimeout = TimeSpan.FromMilliseconds(100) },
        });

        await pipeline.RunAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(20));

        SinkFlow flow = Assert.Single(pipeline.Report().Sinks);
        Assert.Equal((10, 0, 0), (flow.Captured, flow.Published, flow.InFlight));
        Assert.Equal(10, flow.Dropped.Values.Sum());
        Assert.InRange(flow.Dropped[DropReason.Stopped], 1, 4);
    }

    [Fact]
    public async Task RunAsync_EngineFailsNowAndThen_IsACountedDrop()
    {
        using var source = new MemorySource(20, isLive: false);
        using var painter = new GreyPainter { Fails = i => i % 4 == 0 };
        var pipeline = new PerceptionPipeline(Parts(source, painter, new MemoryTransport()) with { Sinks = new SinkOptions { Capacity = 64 } });

        await pipeline.RunAsync(CancellationToken.None);

        SinkFlow flow = Assert.Single(pipeline.Report().Sinks);
        Assert.Equal((15, 5), (flow.Published, flow.Dropped[DropReason.InferenceFailed]));
    }

    [Fact]
    public async Task RunAsync_EngineGoneForGood_FailsAndStillBalances()
    {
        using var source = new MemorySource(200, isLive: false);
        using var painter = new GreyPainter { Fails = _ => true };
        var pipeline = new PerceptionPipeline(Parts(source, painter, new MemoryTransport()));

        await Assert.ThrowsAsync<InferenceException>(() => pipeline.RunAsync(CancellationToken.None));

        SinkFlow flow = Assert.Single(pipeline.Report().Sinks);
        Assert.True(flow.IsBalanced);
        Assert.Equal(0, flow.InFlight);
    }

    [Fact]
    public void Create_NoCalibration_RefusesDepth()
    {
        using var source = new MemorySource(5, isLive: false) { Intrinsics = null };
        using var painter = new GreyPainter();
        ConfigurationException error = Assert.Throws<ConfigurationException>(() => new PerceptionPipeline(Parts(source, painter, new MemoryTransport())));
        Assert.Contains("--hfov", error.Message, StringComparison.Ordinal);
    }

    /// <summary>The law with live and file sources, slow, failing and throwing sinks, failing engines and runs cancelled in the middle.</summary>
    [Property(MaxTest = 40)]
    public void Law_AnyRun_CapturedIsPublishedPlusDropped(
        byte count, bool live, byte slowEvery, byte failEvery, byte engineFailEvery, bool cancel, byte capacity, bool overlap)
    {
        using var source = new MemorySource(count, live);
        using var painter = new GreyPainter { Fails = i => engineFailEvery > 0 && i % engineFailEvery == 1 };
        var slow = new MemoryTransport("slow")
        {
            OnSend = async (m, token) =>
            {
                if (slowEvery > 0 && m.SequenceNumber % slowEvery == 0)
                {
                    await Task.Delay(1, token);
                }

                return null;
            },
        };
        var faulty = new MemoryTransport("faulty")
        {
            OnSend = (m, _) => failEvery > 0 && m.SequenceNumber % failEvery == 0
                ? m.SequenceNumber % 2 == 0 ? throw new InvalidOperationException("faulty") : new(DropReason.SendFailed)
                : default,
        };
        var pipeline = new PerceptionPipeline(Parts(source, painter, slow, faulty) with
        {
            Overlap = overlap,
            Sinks = new SinkOptions { Capacity = 1 + (capacity % 5), FlushTimeout = TimeSpan.FromMilliseconds(200) },
        });
        using var cancellation = new CancellationTokenSource();
        Task run = pipeline.RunAsync(cancellation.Token);
        if (cancel)
        {
            cancellation.CancelAfter(2);
        }

        while (!run.IsCompleted)
        {
            Assert.All(pipeline.Report().Sinks, s => Assert.True(s.IsBalanced));
            Thread.Yield();
        }

        Assert.True(run.IsCompletedSuccessfully || run.Exception?.InnerException is InferenceException, run.Exception?.ToString());
        Assert.All(pipeline.Report().Sinks, s => Assert.Equal((s.Captured, 0), (s.Published + s.Dropped.Values.Sum(), s.InFlight)));
    }

    [Fact]
    public async Task RunAsync_APerceptSinkThatIsSlowOrThrows_CostsNobodyAnything()
    {
        using var source = new MemorySource(60, isLive: false);
        using var painter = new GreyPainter();
        using var release = new ManualResetEventSlim();
        var slow = new MemoryPerceptSink("slow") { OnShow = _ => release.Wait(TimeSpan.FromSeconds(20)) ? null : DropReason.SendFailed };
        var throwing = new MemoryPerceptSink("throwing") { OnShow = _ => throw new InvalidOperationException("told to") };
        var good = new MemoryTransport("good");
        var pipeline = new PerceptionPipeline(Parts(source, painter, good) with
        {
            PerceptSinks = [slow, throwing],
            Sinks = new SinkOptions { Capacity = 64 },
        });

        Task run = pipeline.RunAsync(CancellationToken.None);
        await UntilAsync(() => pipeline.Report().Sinks[0].Published == 60);
        release.Set();
        await run.WaitAsync(TimeSpan.FromSeconds(20));

        IReadOnlyList<SinkFlow> sinks = pipeline.Report().Sinks;
        Assert.Equal(["good", "slow", "throwing"], sinks.Select(s => s.Name));
        Assert.All(sinks, s => Assert.Equal((60, 0, true), (s.Captured, s.InFlight, s.IsBalanced)));
        Assert.True(sinks[1].Dropped[DropReason.Superseded] > 0);
        Assert.True(sinks[1].Published >= 1);
        Assert.True(sinks[2].Dropped.GetValueOrDefault(DropReason.ObserverFailed) > 0);
        Assert.All([slow, throwing], s => Assert.True(s.IsDisposed));
    }

    [Fact]
    public async Task AddTransportAsync_WhileItRuns_CountsFromThereUntilItIsRemoved()
    {
        using var source = new MemorySource(100_000, isLive: false);
        using var painter = new GreyPainter();
        using var cancellation = new CancellationTokenSource();
        var pipeline = new PerceptionPipeline(Parts(source, painter, new MemoryTransport("first")) with { Sinks = new SinkOptions { Capacity = 64 } });
        MemoryTransport late = new("late"), tooEarly = new("early");
        await Assert.ThrowsAsync<InvalidOperationException>(() => pipeline.AddTransportAsync(tooEarly, CancellationToken.None));
        Task run = pipeline.RunAsync(cancellation.Token);
        await UntilAsync(() => pipeline.Report().Perceived > 10);

        await pipeline.AddTransportAsync(late, CancellationToken.None);
        await UntilAsync(() => late.Sent.Count > 10);
        Assert.True(await pipeline.RemoveTransportAsync(late));
        Assert.False(await pipeline.RemoveTransportAsync(late));
        SinkFlow left = pipeline.Report().Sinks[1];
        await UntilAsync(() => pipeline.Report().Sinks[0].Captured > left.Captured + 20);
        await cancellation.CancelAsync();
        await run;

        Assert.True(late.IsDisposed && tooEarly.IsDisposed);
        PipelineReport report = pipeline.Report();
        Assert.Equal(report.Sinks.Count, report.States.Count);
        Assert.Equal((left.Captured, left.Published, 0), (report.Sinks[1].Captured, report.Sinks[1].Published, report.Sinks[1].InFlight));
        Assert.True(report.Sinks[1].Captured < report.Sinks[0].Captured);
        Assert.All(report.Sinks, s => Assert.True(s.IsBalanced));
        Assert.Equal(late.Sent.Count(m => m.Stream == VisionBanana.Edge.Messages.Streams.Cloud), (int)report.Sinks[1].Published);
    }

    private static async Task UntilAsync(Func<bool> holds)
    {
        for (int i = 0; i < 2000 && !holds(); i++)
        {
            await Task.Delay(10);
        }

        Assert.True(holds());
    }

    private static PipelineParts Parts(MemorySource source, GreyPainter painter, params MemoryTransport[] transports)
    {
        return new PipelineParts
        {
            Device = "test",
            Source = source,
            Painter = painter,
            Instructions = [new ScheduledInstruction(Instruction.MetricDepth())],
            Images = new NoPictures(),
            Streams = Streams,
            Transports = transports,
        };
    }

    private sealed class NoPictures : IImageEncoder
    {
        public int EncodeJpeg(ReadOnlySpan<byte> rgb, int width, int height, int quality, System.Buffers.IBufferWriter<byte> output) =>
            throw new NotSupportedException();

        public int EncodePng(ReadOnlySpan<byte> rgb, int width, int height, System.Buffers.IBufferWriter<byte> output) =>
            throw new NotSupportedException();

        public int EncodePng16(ReadOnlySpan<ushort> samples, int width, int height, System.Buffers.IBufferWriter<byte> output) =>
            throw new NotSupportedException();
    }
}
