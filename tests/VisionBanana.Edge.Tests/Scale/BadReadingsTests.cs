using System.Numerics;
using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Scale;

namespace VisionBanana.Edge.Tests.Scale;

public sealed class BadReadingsTests
{
    public static TheoryData<double, long, AnchorRefusal> Readings => new()
    {
        { double.NaN, 0, AnchorRefusal.Invalid },
        { -1, 0, AnchorRefusal.Invalid },
        { 0, 0, AnchorRefusal.Invalid },
        { double.PositiveInfinity, 0, AnchorRefusal.Invalid },
        { 1e9, 0, AnchorRefusal.Invalid },
        { 2, long.MaxValue, AnchorRefusal.FutureStamp },
        { 2, -5, AnchorRefusal.Invalid },
    };

    [Theory]
    [MemberData(nameof(Readings))]
    public void Push_BadReading_IsCountedAndNeverMovesTheScale(double metres, long stampNs, AnchorRefusal expected)
    {
        var feed = new RangeFeed();
        var estimator = new ScaleEstimator(new ScaleOptions { Anchors = [new RangeAnchor(feed)] });
        var world = new PaintedWorld();
        for (int i = 0; i < 10; i++)
        {
            Assert.Equal(expected, feed.Push(metres, stampNs));
            Assert.Equal(1, estimator.Estimate(world.Take(0.2).View()).Factor, 1e-9);
        }

        Assert.Equal(10, feed.Counts[expected]);
        Assert.Equal(0, feed.Counts.Used);
    }

    [Fact]
    public void Push_ValueStandsStill_IsFrozenUntilItChanges()
    {
        var feed = new RangeFeed();
        long start = (DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() - 60_000) * 1_000_000;
        AnchorRefusal last = default;
        for (int i = 0; i < 40; i++)
        {
            last = feed.Push(1.5, start + (i * 100_000_000L));
        }

        Assert.Equal(AnchorRefusal.Frozen, last);
        Assert.Equal(AnchorRefusal.None, feed.Push(1.51, start + 5_000_000_000));
    }

    [Fact]
    public void Push_SameStampAgain_IsFrozen()
    {
        var feed = new RangeFeed();
        long stamp = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() * 1_000_000;

        Assert.Equal(AnchorRefusal.None, feed.Push(1.5, stamp));
        Assert.Equal(AnchorRefusal.Frozen, feed.Push(1.6, stamp));
    }

    [Fact]
    public void Push_Anything_NeverThrowsAndTheFactorStaysFiniteAndBounded()
    {
        var random = new Random(11);
        var feed = new RangeFeed();
        var points = new PointsFeed();
        var mount = new MountFeed();
        var estimator = new ScaleEstimator(new ScaleOptions { Anchors = [new RangeAnchor(feed), new PlaneAnchor(), new SparseAnchor(points)] });
        var world = new PaintedWorld { StampNs = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() * 1_000_000 };
        for (int i = 0; i < 300; i++)
        {
            world.Take(random.NextDouble() - 0.5);
            feed.Push(Wild(random), random.Next(3) == 0 ? 0 : random.NextInt64());
            points.Push([new Vector3((float)Wild(random), (float)Wild(random), (float)Wild(random)), new Vector3(0, 0, (float)Wild(random))]);
            mount.PushAcceleration(Wild(random), Wild(random), Wild(random));
            mount.PushHeight(Wild(random));
            world.Support = mount.At(world.StampNs);
            ScaleEstimate estimate = estimator.Estimate(world.View());
            Assert.InRange(estimate.Factor, 1 / 8.001, 8.001);
            Assert.InRange(estimate.LogStd, 0, 1);
        }
    }

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(0, 0, 30)]
    [InlineData(double.NaN, 0, 9.81)]
    [InlineData(0, double.PositiveInfinity, 0)]
    public void PushAcceleration_NotGravity_IsCountedAndTellsNothing(double x, double y, double z)
    {
        var feed = new MountFeed(new MountFeedOptions { Mount = CameraMount.OfBody("base_link", 0, 0, 0.5, UnitQuaternion.Identity) });

        Assert.NotEqual(AnchorRefusal.None, feed.PushAcceleration(x, y, z));

        Assert.Null(feed.At(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() * 1_000_000));
        Assert.Single(feed.Counts.Refused);
    }

    [Fact]
    public void Push_MountBelowTheFloor_IsCountedAndTellsNothing()
    {
        var feed = new MountFeed();

        Assert.Equal(AnchorRefusal.Invalid, feed.Push(CameraMount.OfBody("base_link", 0, 0, -0.1, UnitQuaternion.Identity)));
        Assert.Throws<ConfigurationException>(() => new MountFeed(new MountFeedOptions
        {
            Mount = CameraMount.OfBody("base_link", 0, 0, -0.1, UnitQuaternion.Identity),
        }));
        Assert.Null(feed.At(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() * 1_000_000));
    }

    [Theory]
    [InlineData(0, 0, -1)]
    [InlineData(0, 0, 0)]
    [InlineData(double.NaN, 0, 1)]
    public void Create_BeamBehindTheCamera_IsRefused(double x, double y, double z) =>
        Assert.Throws<ConfigurationException>(() => new RangeAnchor(new RangeFeed(), new BeamOptions { Direction = (x, y, z) }));

    [Fact]
    public void WhyNot_BeamOutsideTheView_SaysWhere()
    {
        var anchor = new RangeAnchor(new RangeFeed(), new BeamOptions { Direction = (0, 1, 0.2) });

        Assert.Contains("outside the picture", anchor.WhyNot(PaintedWorld.Camera), StringComparison.Ordinal);
        Assert.Null(new RangeAnchor(new RangeFeed()).WhyNot(PaintedWorld.Camera));
    }

    private static double Wild(Random random) => random.Next(8) switch
    {
        0 => double.NaN,
        1 => double.PositiveInfinity,
        2 => -random.NextDouble() * 10,
        3 => 0,
        4 => double.MaxValue,
        5 => double.Epsilon,
        _ => random.NextDouble() * 20,
    };
}
