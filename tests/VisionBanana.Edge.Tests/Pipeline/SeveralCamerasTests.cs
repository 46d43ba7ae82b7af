using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Diagnostics;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Instructions;
using VisionBanana.Edge.Messages;
using VisionBanana.Edge.Perception;
using VisionBanana.Edge.Pipeline;
using VisionBanana.Edge.Tests.Perception;

namespace VisionBanana.Edge.Tests.Pipeline;

/// <summary>Pipelines that share a painter: what happens to one camera costs the others nothing.</summary>
public sealed class SeveralCamerasTests
{
    private const int Kills = 50;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task RunAsync_OneCameraDiesFiftyTimesAndComesBack_TheBooksOfBothBalanceAllTheTime()
    {
        using var shared = new SharedPainter(new GreyPainter());
        var dying = new DyingCamera();
        var source = new ReaderSource(new OpenedSource(
            "dying camera", 32, 24, isLive: true, null,
            new CameraSourceOptions { Intrinsics = CameraIntrinsics.FromHorizontalFov(32, 24, 70), Clock = new HastyClock() }, dying.Open));
        using var steady = new PictureSource(32, 24, PixelFormat.Bgr8, pixels =>
        {
            Thread.Sleep(1);
            return true;
        })
        { Intrinsics = CameraIntrinsics.FromHorizontalFov(32, 24, 70) };
        await using var first = new PerceptionPipeline(Parts(source, shared.For("dying"), new MemoryTransport()));
        await using var second = new PerceptionPipeline(Parts(steady, shared.For("steady"), new MemoryTransport()));
        using var stop = new CancellationTokenSource(Limit);
        Task[] runs = [first.RunAsync(stop.Token), second.RunAsync(stop.Token)];
        int looks = 0;
        while (dying.Opened <= Kills || first.Report().Perceived < Kills)
        {
            Assert.False(stop.IsCancellationRequested, $"opened {dying.Opened} times, {first.Report().Perceived} perceived");
            AssertBalanced(first);
            AssertBalanced(second);
            looks++;
            await Task.Delay(1);
        }

        await stop.CancelAsync();
        await Task.WhenAll(runs);

        Assert.True(looks > 5);
        foreach (PerceptionPipeline pipeline in (PerceptionPipeline[])[first, second])
        {
            AssertBalanced(pipeline);
            SinkFlow books = Assert.Single(pipeline.Report().Sinks);
            Assert.Equal(0, books.InFlight);
            Assert.True(books.Published > 0);
        }

        Assert.True(second.Report().Perceived > Kills);
        Assert.DoesNotContain(DropReason.InferenceFailed, second.Report().Sinks[0].Dropped.Keys);
    }

    private static void AssertBalanced(PerceptionPipeline pipeline)
    {
        foreach (SinkFlow sink in pipeline.Report().Sinks)
        {
            Assert.Equal(sink.Captured, sink.Published + sink.Dropped.Values.Sum() + sink.InFlight);
        }
    }

    private static PipelineParts Parts(ICameraSource source, IPainter painter, MemoryTransport transport) => new()
    {
        Source = source,
        Painter = painter,
        Instructions = [new ScheduledInstruction(Instruction.MetricDepth())],
        Streams = new StreamOptions { Color = null, Painting = null },
        Transports = [transport],
    };

    /// <summary>Gives three pictures and dies, fifty times; then it lives.</summary>
    private sealed class DyingCamera
    {
        private int _opened, _shade;

        public int Opened => Volatile.Read(ref _opened);

        public IPictureReader Open() => new Reader(this, Interlocked.Increment(ref _opened) <= Kills ? 3 : int.MaxValue);

        private sealed class Reader(DyingCamera camera, int pictures) : IPictureReader
        {
            private int _read;

            public string Current => "picture";

            public string EndReason => "killed";

            public bool Grab()
            {
                Thread.Sleep(1);
                return _read < pictures;
            }

            public PictureOutcome Read(CameraFrame frame)
            {
                _read++;
                frame.Pixels.Fill((byte)Interlocked.Increment(ref camera._shade));
                return PictureOutcome.Read;
            }

            public void Dispose()
            {
            }
        }
    }

    /// <summary>A clock whose timers run five hundred times as fast.</summary>
    private sealed class HastyClock : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            new HastyTimer(System.CreateTimer(callback, state, Hasty(dueTime), Hasty(period)));

        private static TimeSpan Hasty(TimeSpan time) => time == Timeout.InfiniteTimeSpan ? time : time / 500;

        private sealed class HastyTimer(ITimer timer) : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => timer.Change(Hasty(dueTime), Hasty(period));

            public void Dispose() => timer.Dispose();

            public ValueTask DisposeAsync() => timer.DisposeAsync();
        }
    }
}
