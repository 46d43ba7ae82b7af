using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Instructions;
using VisionBanana.Edge.Perception;

namespace VisionBanana.Edge.Tests.Perception;

public sealed class SharedPainterTests
{
    private static readonly Instruction Depth = Instruction.Parse("depth");

    private readonly LeasePool<PerceptionFrame> _frames = PerceptionFrame.CreatePool(8, 16, 12);
    private readonly WorkClock _clock = new();

    [Fact]
    public void Paint_OneAsksForThreeTimesAsMuch_EveryCameraGetsTheSameTime()
    {
        string[] order = Race(30, ("greedy", 3), ("b", 1), ("c", 1));

        // Of 42 turns while all three ask: a time of 18 for each, in turns of 3 for the greedy one.
        Dictionary<string, int> turns = order.Take(42).GroupBy(o => o).ToDictionary(g => g.Key, g => g.Count());
        Assert.InRange(turns["greedy"], 5, 7);
        Assert.InRange(turns["b"], 17, 19);
        Assert.InRange(turns["c"], 17, 19);
    }

    [Fact]
    public void Paint_AlikeCameras_TakeTurns()
    {
        string[] order = Race(25, ("a", 1), ("b", 1), ("c", 1), ("d", 1));

        Assert.Equal(100, order.Length);
        for (int i = 0; i + 4 <= 90; i += 4)
        {
            Assert.InRange(order[i..(i + 4)].GroupBy(o => o).Max(g => g.Count()), 1, 2);
        }
    }

    [Fact]
    public void Paint_StoppedWhileItWaits_GivesUpAndLeavesTheTurnToOthers()
    {
        using var leave = new ManualResetEventSlim();
        using var inside = new ManualResetEventSlim();
        using var shared = new SharedPainter(new WorkPainter(() =>
        {
            inside.Set();
            leave.Wait();
        }));
        IPainter first = shared.For("first"), second = shared.For("second");
        var painting = new Thread(() => Paint(first, 1, CancellationToken.None));
        painting.Start();
        inside.Wait(TestContext.Current.CancellationToken);
        using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(20));

        Assert.Throws<OperationCanceledException>(() => Paint(second, 1, stop.Token));

        leave.Set();
        painting.Join();
        Paint(second, 1, CancellationToken.None);
        Assert.Equal([("first", 1L), ("second", 1L)], shared.Shares.Select(s => (s.Camera, s.Pictures)));
        Assert.Equal(0, _frames.Outstanding);
    }

    /// <summary>Every camera asks again as soon as it was served, and the painter begins when every other one waits: the order of the turns.</summary>
    private string[] Race(int pictures, params (string Name, int Cost)[] cameras)
    {
        var order = new List<string>();
        int racing = cameras.Length;
        SharedPainter? shared = null;
        var painter = new WorkPainter(() => SpinWait.SpinUntil(() => shared!.Waiting >= Volatile.Read(ref racing) - 1, TimeSpan.FromSeconds(5)));
        using (shared = new SharedPainter(painter, _clock))
        {
            Thread[] threads = [.. cameras.Select(camera =>
            {
                IPainter own = shared.For(camera.Name);
                return new Thread(() =>
                {
                    for (int i = 0; i < pictures; i++)
                    {
                        Paint(own, camera.Cost, CancellationToken.None, () =>
                        {
                            order.Add(camera.Name);
                            _clock.Advance(TimeSpan.FromMilliseconds(10 * camera.Cost));
                        });
                    }

                    Interlocked.Decrement(ref racing);
                });
            })];
            Array.ForEach(threads, t => t.Start());
            Array.ForEach(threads, t => t.Join());
        }

        Assert.Equal(1, painter.MostAtOnce);
        Assert.Equal(0, _frames.Outstanding);
        return [.. order];
    }

    private void Paint(IPainter painter, int cost, CancellationToken cancellationToken, Action? inside = null)
    {
        Assert.True(_frames.TryRent(out PerceptionFrame? frame));
        using (frame)
        {
            WorkPainter.Inside = inside;
            painter.Paint(frame, [.. Enumerable.Repeat(Depth, cost)], cancellationToken);
        }
    }

    private sealed class WorkClock : TimeProvider
    {
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Interlocked.Read(ref _ticks);

        public void Advance(TimeSpan time) => Interlocked.Add(ref _ticks, time.Ticks);
    }

    private sealed class WorkPainter(Action work) : IPainter
    {
        private int _inside;

        [field: ThreadStatic]
        public static Action? Inside { get; set; }

        public int MostAtOnce { get; private set; }

        public PainterDescription Description => throw new NotSupportedException();

        public void Paint(PerceptionFrame frame, IReadOnlyList<Instruction> instructions, CancellationToken cancellationToken = default)
        {
            MostAtOnce = Math.Max(MostAtOnce, Interlocked.Increment(ref _inside));
            work();
            Inside?.Invoke();
            Interlocked.Decrement(ref _inside);
        }

        public string? WhyNot(Instruction instruction) => null;

        public void Dispose()
        {
        }
    }
}
