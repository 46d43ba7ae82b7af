using FsCheck.Xunit;
using VisionBanana.Edge.Diagnostics;

namespace VisionBanana.Edge.Tests.Diagnostics;

public sealed class LatencyHistogramTests
{
    [Property]
    public bool PercentileMs_OneDuration_IsWithinHalfABucket(uint microseconds)
    {
        var histogram = new LatencyHistogram();
        histogram.Record(microseconds * 1000L);

        double ms = microseconds / 1000.0;
        return Math.Abs(histogram.PercentileMs(0.5) - ms) <= Math.Max(0.0001, ms * 0.033);
    }

    [Fact]
    public void PercentileMs_OneToAThousandMilliseconds_AreThePercentiles()
    {
        var histogram = new LatencyHistogram();
        for (int ms = 1; ms <= 1000; ms++)
        {
            histogram.Record(ms * 1_000_000L);
        }

        Assert.Equal(1000, histogram.Count);
        Assert.InRange(histogram.PercentileMs(0.50), 480, 520);
        Assert.InRange(histogram.PercentileMs(0.95), 915, 985);
        Assert.InRange(histogram.PercentileMs(0.99), 950, 1025);
    }

    [Fact]
    public void RecentPercentileMs_WhatWasRecordedNow_IsTheSameAsOfTheWholeRun()
    {
        var histogram = new LatencyHistogram();
        Assert.True(double.IsNaN(histogram.RecentPercentileMs(0.5)));
        for (int ms = 1; ms <= 100; ms++)
        {
            histogram.Record(ms * 1_000_000L);
        }

        Assert.Equal(histogram.PercentileMs(0.5), histogram.RecentPercentileMs(0.5));
        Assert.Equal(histogram.PercentileMs(0.99), histogram.RecentPercentileMs(0.99));
    }

    [Property]
    public bool Record_AnyNumber_IsCounted(long nanoseconds)
    {
        var histogram = new LatencyHistogram();
        foreach (long any in (long[])[nanoseconds, nanoseconds << 40, long.MaxValue, long.MinValue, long.MaxValue / 16, (long.MaxValue / 16) + 1])
        {
            histogram.Record(any);
        }

        return histogram.Count == 6 && histogram.PercentileMs(1) is > 3_600_000 and < 36_000_000;
    }

    [Fact]
    public void PercentileMs_NothingRecorded_IsNaN() => Assert.True(double.IsNaN(new LatencyHistogram().PercentileMs(0.5)));

    [Fact]
    public void Record_AnHourOrANegative_StaysInRange()
    {
        var histogram = new LatencyHistogram();
        histogram.Record(long.MinValue / 32);
        histogram.Record(3_600_000_000_000);

        Assert.InRange(histogram.PercentileMs(1), 3_400_000, 3_800_000);
        Assert.InRange(histogram.PercentileMs(0), 0, 0.001);
    }
}
