using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Scale;
using VisionBanana.Edge.Tests.Shared;

namespace VisionBanana.Edge.Tests.Scale;

public sealed class ScaleEstimatorTests
{
    private static readonly SupportPlane Level = new(0, -1, 0, 1);

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.02)]
    public void Estimate_FlickerWithoutAnchors_SpreadIsAThirdAtMost(double metresPerPicture)
    {
        var random = new Random(5);
        var estimator = new ScaleEstimator(new ScaleOptions());
        var world = new PaintedWorld();
        var raw = new List<double>();
        var steadied = new List<double>();
        for (int i = 0; i < 60; i++)
        {
            double off = 0.2 + (0.12 * ((2 * random.NextDouble()) - 1));
            ScaleEstimate estimate = estimator.Estimate(world.Take(off, z: i * metresPerPicture, x: i * metresPerPicture / 2).View());
            raw.Add(off);
            steadied.Add(off + Math.Log(estimate.Factor));
        }

        Assert.True(Deviation(steadied) <= Deviation(raw) / 3, $"{Deviation(steadied):0.0000} of {Deviation(raw):0.0000}");
        Assert.Equal(1, estimator.Scenes);
    }

    [Fact]
    public void Estimate_PersonWalksThrough_DoesNotMoveTheScale()
    {
        var estimator = new ScaleEstimator(new ScaleOptions());
        var world = new PaintedWorld();
        double before = estimator.Estimate(world.Take(0.1).View()).Factor;
        for (int i = 0; i < 40; i++)
        {
            Assert.Equal(before, estimator.Estimate(world.Take(0.1, person: -10 + (3 * i)).View()).Factor, 0.02);
        }
    }

    [Fact]
    public void Estimate_Pan_IsNoCutAndKeepsTheScale()
    {
        var feed = new RangeFeed(frozenAfter: TimeSpan.Zero);
        var estimator = new ScaleEstimator(new ScaleOptions { Anchors = [new RangeAnchor(feed)] });
        var world = new PaintedWorld();
        world.Take(0.3);
        feed.Push(world.True[(36 * 96) + 48], world.StampNs);
        double anchored = estimator.Estimate(world.View()).Factor;
        Assert.Equal(Math.Exp(-0.3), anchored, 0.03);
        for (int i = 1; i <= 25; i++)
        {
            Assert.Equal(anchored, estimator.Estimate(world.Take(0.3, yaw: i * 0.02).View()).Factor, 0.04);
        }

        Assert.Equal(1, estimator.Scenes);
    }

    [Fact]
    public void Estimate_Cut_BeginsAnewAtOnce()
    {
        var estimator = new ScaleEstimator(new ScaleOptions());
        var world = new PaintedWorld(1);
        for (int i = 0; i < 20; i++)
        {
            estimator.Estimate(world.Take(i % 2 == 0 ? 0.3 : -0.3).View());
        }

        ScaleEstimate after = estimator.Estimate(new PaintedWorld(9) { StampNs = world.StampNs, WallM = 2.2 }.Take().View());

        Assert.True(after.IsSceneNew);
        Assert.Equal(1, after.Factor, 1e-9);
        Assert.Equal(2, estimator.Scenes);
    }

    [Fact]
    public void Estimate_BeamPlaneAndSparse_BringTheTrueScale()
    {
        var feed = new RangeFeed(frozenAfter: TimeSpan.Zero);
        var points = new PointsFeed();
        ScaleAnchor[] anchors = [new RangeAnchor(feed), new PlaneAnchor(), new SparseAnchor(points), new ObjectAnchor("person", 1)];
        foreach (int used in new[] { 1, 2, 4, 7 })
        {
            var world = new PaintedWorld { Support = Level };
            var estimator = new ScaleEstimator(new ScaleOptions { Anchors = [.. anchors.Where((_, i) => (used & (1 << i)) != 0)] });
            ScaleEstimate estimate = default;
            for (int i = 0; i < 30; i++)
            {
                world.Take(0.5 + (0.05 * Math.Sin(i)));
                feed.Push(world.True[(36 * 96) + 48], world.StampNs);
                points.Push([new(0, 0, 4), new(0.5f, 0.2f, 4), new(-0.5f, -0.2f, 4), new(0.3f, 0.4f, 4)], world.StampNs);
                estimate = estimator.Estimate(world.View());
            }

            Assert.Equal(Math.Exp(-0.5 - (0.05 * Math.Sin(29))), estimate.Factor, 0.02);
            Assert.InRange(estimate.LogStd, 0.001, 0.1);
            Assert.Equal(int.PopCount(used), estimate.Anchors.Count);
        }
    }

    [Fact]
    public void Estimate_PersonOfKnownHeight_BringsTheTrueScale()
    {
        // 44 rows at 1.5 m.
        double height = 1.5 * 44 / PaintedWorld.Camera.Fy;
        var estimator = new ScaleEstimator(new ScaleOptions { Anchors = [new ObjectAnchor("person", height, 0.03)] });
        var world = new PaintedWorld();
        ScaleEstimate estimate = default;
        for (int i = 0; i < 40; i++)
        {
            estimate = estimator.Estimate(world.Take(0.25, person: 40).View());
        }

        Assert.Equal(Math.Exp(-0.25), estimate.Factor, 0.04);
        Assert.Equal(["object"], estimate.Anchors);
    }

    [Fact]
    public void Estimate_AnchorLost_UncertaintyGrowsToThePaintersOwn()
    {
        var feed = new RangeFeed();
        var estimator = new ScaleEstimator(new ScaleOptions { Anchors = [new RangeAnchor(feed)] });
        var world = new PaintedWorld();
        world.Take(0.3);
        feed.Push(world.True[(36 * 96) + 48], world.StampNs);
        double last = estimator.Estimate(world.View()).LogStd;
        Assert.True(last < 0.15);
        for (int i = 0; i < 10; i++)
        {
            world.StampNs += 5_000_000_000;
            double std = estimator.Estimate(world.Take(0.3).View()).LogStd;
            Assert.True(std >= last);
            last = std;
        }

        Assert.InRange(last, 0.15, 0.41);
        Assert.True(estimator.Options.Anchors[0].Counts[AnchorRefusal.Stale] >= 10);
    }

    [Fact]
    public void Estimate_TwoAnchorsContradict_TheSurerCountsAndTheOtherIsCounted()
    {
        var feed = new RangeFeed();
        var range = new RangeAnchor(feed);
        var plane = new PlaneAnchor(0.01);
        var estimator = new ScaleEstimator(new ScaleOptions { Anchors = [range, plane] });
        PaintedWorld world = new PaintedWorld { Support = Level }.Take();
        feed.Push(4 * world.True[(36 * 96) + 48], world.StampNs);

        ScaleEstimate estimate = estimator.Estimate(world.View());

        Assert.Equal(["plane"], estimate.Anchors);
        Assert.Equal(1, range.Counts[AnchorRefusal.Contradicts]);
        Assert.Equal(1, estimate.Factor, 0.05);
    }

    [Fact]
    public void Estimate_FixedFactor_IsWhereItBegins()
    {
        var estimator = new ScaleEstimator(new ScaleOptions { Anchors = [new FixedAnchor(0.8, 0.04)] });

        ScaleEstimate estimate = estimator.Estimate(new PaintedWorld().Take(0.2).View());

        Assert.Equal(0.8, estimate.Factor, 1e-9);
        Assert.Equal(0.04, estimate.LogStd, 1e-9);
        Assert.Equal(["fixed"], estimate.Anchors);
    }

    [Fact]
    public void Estimate_SamePictures_SameScales()
    {
        double[] Run()
        {
            var random = new Random(3);
            var estimator = new ScaleEstimator(new ScaleOptions { Anchors = [new PlaneAnchor()] });
            var world = new PaintedWorld { Support = Level };
            return [.. Enumerable.Range(0, 30).Select(i => estimator.Estimate(world.Take(random.NextDouble() / 4, x: i * 0.01).View()).Factor)];
        }

        Assert.Equal(Run(), Run());
    }

    [Fact]
    public void Estimate_Warm_AllocatesNothing()
    {
        var feed = new RangeFeed(frozenAfter: TimeSpan.Zero);
        var estimator = new ScaleEstimator(new ScaleOptions { Anchors = [new RangeAnchor(feed), new PlaneAnchor(), new ObjectAnchor("person", 1.7)] });
        var world = new PaintedWorld { Support = Level };
        void Once()
        {
            world.Take(0.1, person: 30, x: 0.01);
            feed.Push(2, world.StampNs);
            estimator.Estimate(world.View());
        }

        Once();
        Once();

        Assert.Equal(0, Allocation.Of(Once));
    }

    [Fact]
    public void Estimate_NoDepthAtAll_StaysAtOne()
    {
        var estimator = new ScaleEstimator(new ScaleOptions { Anchors = [new PlaneAnchor(), new RangeAnchor(new RangeFeed())] });
        PaintedWorld world = new PaintedWorld { Support = Level }.Take();
        Array.Fill(world.Painted, float.NaN);

        Assert.Equal(1, estimator.Estimate(world.View()).Factor, 1e-9);
        Array.Fill(world.Painted, float.PositiveInfinity);
        Assert.Equal(1, estimator.Estimate(world.View()).Factor, 1e-9);
    }

    [Fact]
    public void Create_ContradictoryOptions_AreAllTold()
    {
        var options = new ScaleOptions
        {
            PainterStd = double.NaN,
            MaxFactor = 0.5,
            MinScaleConfidence = 1,
            Anchors = [new FixedAnchor(1), new FixedAnchor(2)],
        };

        ConfigurationException error = Assert.Throws<ConfigurationException>(() => new ScaleEstimator(options));

        Assert.Equal(4, error.Message.Split(Environment.NewLine).Length);
    }

    private static double Deviation(List<double> values)
    {
        double mean = values.Average();
        return Math.Sqrt(values.Average(v => (v - mean) * (v - mean)));
    }
}
