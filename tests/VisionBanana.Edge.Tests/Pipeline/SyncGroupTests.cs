using VisionBanana.Edge.Diagnostics;
using VisionBanana.Edge.Perception;
using VisionBanana.Edge.Pipeline;

namespace VisionBanana.Edge.Tests.Pipeline;

public sealed class SyncGroupTests
{
    private readonly SyncGroup _group = new(TimeSpan.FromMilliseconds(5));

    [Fact]
    public void StampOf_PartnersWithinTheTolerance_GetTheStampOfTheFirst()
    {
        Assert.Equal(At(100), _group.StampOf(0, At(100)));
        Assert.Equal(At(100), _group.StampOf(1, At(104)));
        Assert.Equal(At(100), _group.StampOf(2, At(96)));
        Assert.Equal(At(200), _group.StampOf(1, At(200)));
        Assert.Equal(At(200), _group.StampOf(0, At(201)));
    }

    [Fact]
    public void StampOf_PartnerAfterTheNextMomentBegan_IsLate()
    {
        _group.StampOf(0, At(100));
        _group.StampOf(0, At(200));
        Assert.Null(_group.StampOf(1, At(101)));
        Assert.Equal(At(200), _group.StampOf(1, At(202)));
    }

    [Fact]
    public void StampOf_OutsideTheTolerance_IsAMomentOfItsOwnOrLate()
    {
        _group.StampOf(0, At(100));
        Assert.Equal(At(110), _group.StampOf(1, At(110)));
        Assert.Null(_group.StampOf(2, At(94)));
    }

    [Fact]
    public void StampOf_PartnerWhoseClockIsAhead_SilencesNobodyForLong()
    {
        CaptureTime?[] slow = [.. Enumerable.Range(1, 40).Select(i =>
        {
            _group.StampOf(1, At((i * 100) + 300));
            return _group.StampOf(0, At(i * 100));
        })];

        Assert.Equal(10, slow.Count(s => s is null));
        Assert.Equal(At(4000), slow[^1]);
    }

    [Fact]
    public void StampOf_ClockSetBack_BeginsAgain()
    {
        _group.StampOf(0, At(10_000));
        Assert.Equal(At(100), _group.StampOf(0, At(100)));
        Assert.Equal(At(100), _group.StampOf(1, At(101)));
    }

    [Fact]
    public void Join_LatePartner_IsLostWithItsReasonAndTheBooksBalance()
    {
        using var source = new MemorySource(20, isLive: false);
        ICameraSource left = _group.Join(source);
        _group.StampOf(5, new CaptureTime(0, long.MaxValue / 2));
        var lost = new List<DropReason>();
        left.Lost += lost.Add;
        int seen = 0;
        using var ended = new ManualResetEventSlim();
        using (left.Frames.Subscribe(new Counter(() => seen++, ended.Set)))
        {
            ended.Wait(TestContext.Current.CancellationToken);
        }

        // A stamp of today is older than that moment by far: the group begins again, and then nothing is late.
        Assert.Equal((20, 0), (seen, lost.Count));

        _group.StampOf(5, new CaptureTime(0, CaptureTime.Now(TimeProvider.System).UtcNs + (900 * 1_000_000L)));
        ended.Reset();
        using (left.Frames.Subscribe(new Counter(() => seen++, ended.Set)))
        {
            ended.Wait(TestContext.Current.CancellationToken);
        }

        Assert.Equal(40, seen + lost.Count);
        Assert.NotEmpty(lost);
        Assert.All(lost, reason => Assert.Equal(DropReason.LatePartner, reason));
    }

    private static CaptureTime At(int ms) => new(ms * 1_000_000L, 1_700_000_000_000_000_000L + (ms * 1_000_000L));

    private sealed class Counter(Action next, Action ended) : IObserver<CameraFrame>
    {
        public void OnNext(CameraFrame value) => next();

        public void OnError(Exception error) => ended();

        public void OnCompleted() => ended();
    }
}
