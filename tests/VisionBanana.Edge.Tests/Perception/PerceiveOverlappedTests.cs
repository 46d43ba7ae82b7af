using System.Collections.Concurrent;
using System.Reactive.Linq;
using System.Reactive.Threading.Tasks;
using VisionBanana.Edge.Diagnostics;
using VisionBanana.Edge.Geometry;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Instructions;
using VisionBanana.Edge.Perception;
using VisionBanana.Edge.Pipeline;
using VisionBanana.Edge.Tests.Pipeline;

namespace VisionBanana.Edge.Tests.Perception;

public sealed class PerceiveOverlappedTests
{
    private static readonly TimeSpan LongEnough = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Paint_WhileItPaints_TheNextIsRectifiedAndTheOneBeforeIsDelivered()
    {
        const int Count = 12;
        var ledger = new FlowLedger();
        using var source = new MemorySource(Count, isLive: false);
        var latencies = new StageLatencies();
        var delivered = new ConcurrentQueue<long>();
        int together = 0;
        using var painter = new GreyPainter
        {
            Fails = sequence =>
            {
                // Inside the painter: picture n waits until n + 1 is rectified and n − 1 is with the observer, which both happen only beside it.
                bool next = sequence == Count - 1 || SpinWait.SpinUntil(() => latencies["rectify"].Count >= sequence + 2, LongEnough);
                bool before = sequence == 0 || SpinWait.SpinUntil(() => delivered.Contains(sequence - 1), LongEnough);
                together += next && before ? 1 : 0;
                return false;
            },
        };
        Perceiver perceiver = Perceiver(painter, new PerceiveOptions { Cloud = new CloudOptions() }, latencies);

        await source.Counted(ledger).PerceiveOverlapped(perceiver, keepLatest: false, ledger)
            .Do(f => delivered.Enqueue(f.SequenceNumber)).ToTask().WaitAsync(TimeSpan.FromMinutes(2));

        Assert.Equal(Count, together);
        Assert.Equal(Enumerable.Range(0, Count).Select(i => (long)i), delivered);
    }

    [Theory]
    [InlineData(OutputSize.Painter)]
    [InlineData(OutputSize.Source)]
    public async Task PerceiveOverlapped_SameResultsAsOneAfterTheOther(OutputSize size)
    {
        List<float[]> one = await DepthsAsync((frames, perceiver) => frames.Perceive(perceiver), size);
        List<float[]> overlapped = await DepthsAsync((frames, perceiver) => frames.PerceiveOverlapped(perceiver, keepLatest: false), size);

        Assert.Equal(30, overlapped.Count);
        Assert.Equal(one, overlapped);
    }

    [Fact]
    public async Task PerceiveOverlapped_LivePicturesWhileThePainterIsBusy_TheNewestIsPaintedNext()
    {
        var ledger = new FlowLedger();
        ISinkCounter sink = ledger.Open("sink");
        using var frames = new TestFrames();
        using var pictures = new System.Reactive.Subjects.Subject<CameraFrame>();
        using var started = new SemaphoreSlim(0);
        using var free = new SemaphoreSlim(0);
        using var painter = new GreyPainter
        {
            Fails = _ =>
            {
                started.Release();
                free.Wait(LongEnough);
                return false;
            },
        };
        var seen = new ConcurrentQueue<long>();
        Perceiver perceiver = Perceiver(painter, new PerceiveOptions());
        Task done = pictures.PerceiveOverlapped(perceiver, keepLatest: true, ledger).Do(f =>
        {
            seen.Enqueue(f.SequenceNumber);
            ledger.HandedToSinks();
            sink.Published();
        }).ToTask();
        for (int i = 0; i < 5; i++)
        {
            using CameraFrame picture = frames.Rent(i);
            picture.Intrinsics = VisionBanana.Edge.Calibration.CameraIntrinsics.FromHorizontalFov(8, 6, 70);
            ledger.Captured();
            pictures.OnNext(picture);
            if (i == 0)
            {
                Assert.True(await started.WaitAsync(LongEnough));
            }
        }

        free.Release(100);
        pictures.OnCompleted();
        await done.WaitAsync(LongEnough);

        Assert.Equal([0, 4], seen);
        SinkFlow flow = Assert.Single(ledger.Snapshot());
        Assert.Equal((5, 2, 3, 0), (flow.Captured, flow.Published, flow.Dropped[DropReason.Superseded], flow.InFlight));
    }

    [Fact]
    public void PerceiveOverlapped_PoolTooSmall_SaysHowLarge()
    {
        using var painter = new GreyPainter();
        Perceiver perceiver = Perceiver(painter, new PerceiveOptions { PoolCapacity = 2 });

        ArgumentException error = Assert.Throws<ArgumentException>(() => Observable.Empty<CameraFrame>().PerceiveOverlapped(perceiver, keepLatest: false));

        Assert.Contains("at least 5", error.Message, StringComparison.Ordinal);
        Assert.Contains("found 2", error.Message, StringComparison.Ordinal);
    }

    private static Perceiver Perceiver(GreyPainter painter, PerceiveOptions options, StageLatencies? latencies = null) =>
        new(painter, new InstructionSchedule(new ScheduledInstruction(Instruction.MetricDepth())), options, latencies);

    private static async Task<List<float[]>> DepthsAsync(
        Func<IObservable<CameraFrame>, Perceiver, IObservable<PerceptionFrame>> perceive, OutputSize size)
    {
        using var source = new MemorySource(30, isLive: false);
        using var painter = new GreyPainter();
        var depths = new List<float[]>();
        Perceiver perceiver = Perceiver(painter, new PerceiveOptions { Size = size, Cloud = new CloudOptions() });
        await perceive(source.Frames.KeepAll(1), perceiver)
            .Do(f => depths.Add([.. f.Find(PerceptKind.Depth)!.Depth, .. f.Points.ToArray().Select(p => p.X)])).ToTask().WaitAsync(LongEnough);
        return depths;
    }
}
