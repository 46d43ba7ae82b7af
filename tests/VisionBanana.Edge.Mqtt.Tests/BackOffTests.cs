namespace VisionBanana.Edge.Mqtt.Tests;

public sealed class BackOffTests
{
    [Fact]
    public void Next_ManyAttempts_GrowsByAQuarterWithJitterUpToTheMaximum()
    {
        var backOff = new BackOff(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(10), new Random(1));
        double full = 100;
        for (int i = 0; i < 300; i++)
        {
            Assert.InRange(backOff.Next().TotalMilliseconds, full / 2, full);
            full = Math.Min(full * 1.25, 10_000);
        }

        backOff.Reset();
        Assert.InRange(backOff.Next().TotalMilliseconds, 50, 100);
    }

    [Fact]
    public void Next_HoweverLongTheBrokerIsAway_TheNextAttemptIsWithinAQuarterOfThatAndTheMinimum()
    {
        var backOff = new BackOff(TimeSpan.FromMilliseconds(250), TimeSpan.FromSeconds(30));
        double most = 0;
        for (int i = 0; i < 30; i++)
        {
            double pause = backOff.Next().TotalMilliseconds;

            // With the least jitter the sum is half as long.
            Assert.True(pause <= 250 + (most / 2), $"{pause} after {most}");
            most += pause;
        }
    }

    [Fact]
    public void Next_ManyClients_NotAllAtOnce()
    {
        TimeSpan[] first = [.. Enumerable.Range(0, 50).Select(_ => new BackOff(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10)).Next())];
        Assert.True(first.Distinct().Count() > 40);
    }
}
