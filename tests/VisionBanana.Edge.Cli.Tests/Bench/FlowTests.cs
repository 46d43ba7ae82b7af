using VisionBanana.Edge.Cli.Bench;

namespace VisionBanana.Edge.Cli.Tests.Bench;

public sealed class FlowTests
{
    private const long Ms = 1_000_000;

    [Fact]
    public void Of_KnownTimes_IsWhatRos2BenchmarkWouldSay()
    {
        // Played every 10 ms; the third did not arrive; the intervals of arrival are 10, 22 and 10 ms: mean 14.
        long[] sent = [0, 10 * Ms, 20 * Ms, 30 * Ms, 40 * Ms], received = [5 * Ms, 15 * Ms, 0, 37 * Ms, 47 * Ms];

        Flow flow = Flow.Of("100_hz", 100, sent, received, 12, double.NaN);

        Assert.Equal((5, 1), (flow.NumFramesSent, flow.NumMissedFrames));
        Assert.Equal(1000 / 14.0, flow.MeanFrameRate, 1e-9);
        Assert.Equal((5.0, 7.0), (flow.FirstSentReceivedLatencyMs, flow.LastSentReceivedLatencyMs));
        Assert.Equal((8.0, 16 / 3.0, Math.Sqrt((16 + 64 + 16) / 3.0)), (flow.MaxJitterMs, flow.MeanJitterMs, flow.StdDevJitterMs));
        Assert.Equal((5.0, 4), (flow.LatencyMs.Min, flow.LatencyMs.Runs));
    }

    [Fact]
    public void Of_NothingArrived_HasNoRate()
    {
        Flow flow = Flow.Of("10_hz", 10, [Ms, 2 * Ms], [0, 0], 1, 1);

        Assert.Equal((2, 2), (flow.NumFramesSent, flow.NumMissedFrames));
        Assert.True(double.IsNaN(flow.MeanFrameRate) && double.IsNaN(flow.FirstSentReceivedLatencyMs) && double.IsNaN(flow.MaxJitterMs));
    }

    [Fact]
    public void Spread_OfDurations_IsSorted()
    {
        Spread spread = Spread.Of(Enumerable.Range(1, 100).Reverse().Select(i => i * Ms));

        Assert.Equal((51.0, 11.0, 91.0, 1.0, 100), (spread.Median, spread.P10, spread.P90, spread.Min, spread.Runs));
    }
}
