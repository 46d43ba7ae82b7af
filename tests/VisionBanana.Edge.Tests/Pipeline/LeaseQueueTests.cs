using System.Reactive.Linq;
using System.Reactive.Subjects;
using FsCheck.Xunit;
using VisionBanana.Edge.Diagnostics;
using VisionBanana.Edge.Perception;
using VisionBanana.Edge.Pipeline;
using VisionBanana.Edge.Tests.Perception;

namespace VisionBanana.Edge.Tests.Pipeline;

public sealed class LeaseQueueTests
{
    [Fact]
    public void KeepAll_SlowObserver_DeliversEveryFrameInOrder()
    {
        using var frames = new TestFrames();
        var source = new Subject<CameraFrame>();
        var seen = new List<long>();
        using var done = new ManualResetEventSlim();
        using (source.KeepAll(2).Subscribe(f => { Thread.Yield(); seen.Add(f.SequenceNumber); }, done.Set))
        {
            for (int i = 0; i < 100; i++)
            {
                using CameraFrame frame = frames.Rent(i);
                source.OnNext(frame);
            }

            source.OnCompleted();
            Assert.True(done.Wait(TimeSpan.FromSeconds(10)));
        }

        Assert.Equal(Enumerable.Range(0, 100).Select(i => (long)i), seen);
    }

    [Fact]
    public void KeepLatest_BusyObserver_ReplacesTheOldAndCountsIt()
    {
        using var frames = new TestFrames();
        var ledger = new FlowLedger();
        ISinkCounter sink = ledger.Open("test");
        var source = new Subject<CameraFrame>();
        using var entered = new ManualResetEventSlim();
        using var release = new ManualResetEventSlim();
        using var done = new ManualResetEventSlim();
        var seen = new List<long>();
        using (source.KeepLatest(ledger).Subscribe(
            f =>
            {
                seen.Add(f.SequenceNumber);
                entered.Set();
                Assert.True(release.Wait(TimeSpan.FromSeconds(10)));
                ledger.HandedToSinks();
                sink.Published();
            },
            done.Set))
        {
            for (int i = 0; i < 5; i++)
            {
                ledger.Captured();
                using CameraFrame frame = frames.Rent(i);
                source.OnNext(frame);
                if (i == 0)
                {
                    Assert.True(entered.Wait(TimeSpan.FromSeconds(10)));
                }
            }

            release.Set();
            source.OnCompleted();
            Assert.True(done.Wait(TimeSpan.FromSeconds(10)));
        }

        Assert.Equal([0L, 4L], seen);
        SinkFlow flow = Assert.Single(ledger.Snapshot());
        Assert.Equal((5, 2, 3, 0), (flow.Captured, flow.Published, flow.Dropped[DropReason.Superseded], flow.InFlight));
    }

    [Fact]
    public void KeepAll_SourceFails_DeliversWhatIsQueuedThenTheError()
    {
        using var frames = new TestFrames();
        var source = new Subject<CameraFrame>();
        using var done = new ManualResetEventSlim();
        Exception? error = null;
        int seen = 0;
        using (source.KeepAll(8).Subscribe(_ => seen++, e => { error = e; done.Set(); }))
        {
            for (int i = 0; i < 5; i++)
            {
                using CameraFrame frame = frames.Rent(i);
                source.OnNext(frame);
            }

            source.OnError(new CameraException("gone"));
            Assert.True(done.Wait(TimeSpan.FromSeconds(10)));
        }

        Assert.Equal(5, seen);
        Assert.IsType<CameraException>(error);
    }

    [Fact]
    public void KeepAll_UnsubscribedWhileTheProducerWaits_LetsItGo()
    {
        using var frames = new TestFrames();
        var ledger = new FlowLedger();
        ISinkCounter sink = ledger.Open("test");
        var source = new Subject<CameraFrame>();
        using var entered = new ManualResetEventSlim();
        using var release = new ManualResetEventSlim();
        using var delivered = new ManualResetEventSlim();
        IDisposable subscription = source.KeepAll(1, ledger).Subscribe(_ =>
        {
            entered.Set();
            release.Wait(TimeSpan.FromSeconds(10));
            ledger.HandedToSinks();
            sink.Published();
            delivered.Set();
        });
        var producer = new Thread(() =>
        {
            for (int i = 0; i < 3; i++)
            {
                ledger.Captured();
                using CameraFrame frame = frames.Rent(i);
                source.OnNext(frame);
            }
        });
        producer.Start();
        Assert.True(entered.Wait(TimeSpan.FromSeconds(10)));
        while (frames.Pool.Outstanding < 3)
        {
            Thread.Yield();
        }

        subscription.Dispose();
        release.Set();
        Assert.True(producer.Join(TimeSpan.FromSeconds(10)), "the producer still waits for a queue that is gone");
        Assert.True(delivered.Wait(TimeSpan.FromSeconds(10)));
        SpinWait.SpinUntil(() => frames.Pool.Outstanding == 0, TimeSpan.FromSeconds(10));
        SinkFlow flow = Assert.Single(ledger.Snapshot());
        Assert.Equal((3, 1, 0), (flow.Captured, flow.Published, flow.InFlight));
        Assert.True(flow.IsBalanced);
    }

    /// <summary>The law over slow sinks, unsubscription in mid-stream and throwing observers, in any mixture.</summary>
    [Property(MaxTest = 60)]
    public void Law_AnyMixture_NothingIsLostAndNothingLeaks(byte count, bool latest, byte capacity, byte throwEvery, byte stopAfter, bool stop)
    {
        using var frames = new TestFrames();
        var ledger = new FlowLedger();
        ISinkCounter sink = ledger.Open("test");
        var source = new Subject<CameraFrame>();
        IObservable<CameraFrame> queue = latest ? source.KeepLatest(ledger) : source.KeepAll(1 + (capacity % 8), ledger);
        using var done = new ManualResetEventSlim();
        int published = 0, thrown = 0;
        IDisposable subscription = queue.Subscribe(
            f =>
            {
                if (throwEvery > 0 && f.SequenceNumber % throwEvery == 0)
                {
                    Interlocked.Increment(ref thrown);
                    throw new InvalidOperationException("an observer that throws");
                }

                if (f.SequenceNumber % 3 == 0)
                {
                    Thread.Sleep(TimeSpan.FromTicks(1000));
                }

                ledger.HandedToSinks();
                sink.Published();
                Interlocked.Increment(ref published);
            },
            done.Set);
        for (int i = 0; i < count; i++)
        {
            if (stop && i == stopAfter)
            {
                subscription.Dispose();
                break;
            }

            ledger.Captured();
            using CameraFrame frame = frames.Rent(i);
            source.OnNext(frame);
            Assert.True(Assert.Single(ledger.Snapshot()).IsBalanced);
        }

        source.OnCompleted();
        if (!(stop && stopAfter < count))
        {
            Assert.True(done.Wait(TimeSpan.FromSeconds(20)));
        }

        Assert.True(SpinWait.SpinUntil(() => frames.Pool.Outstanding == 0, TimeSpan.FromSeconds(20)), "a frame was not given back");
        Assert.True(SpinWait.SpinUntil(() => ledger.Snapshot()[0].InFlight == 0, TimeSpan.FromSeconds(20)), "a frame never met its fate");
        subscription.Dispose();
        SinkFlow flow = ledger.Snapshot()[0];
        Assert.True(flow.IsBalanced);
        Assert.Equal(published, flow.Published);
        Assert.Equal(thrown, flow.Dropped.GetValueOrDefault(DropReason.ObserverFailed));
    }
}
