namespace VisionBanana.Edge.Mqtt.Tests;

public sealed class BackOffTests
{
    [Fact]
    public void Next_ManyAttempts_DoublesWithJitterUpToTheMaximum()
    {
        var backOff = new BackOff(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(10), new Random(1));
        double full = 100;
        for (int i = 0; i < 100; i++)
        {
            Assert.InRange(backOff.Next().TotalMilliseconds, full / 2, full);
            full = Math.Min(full * 2, 10_000);
        }

        backOff.Reset();
        Assert.InRange(backOff.Next().TotalMilliseconds, 50, 100);
    }

    [Fact]
    public void Next_ManyClients_NotAllAtOnce()
    {
        TimeSpan[] first = [.. Enumerable.Range(0, 50).Select(_ => new BackOff(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10)).Next())];
        Assert.True(first.Distinct().Count() > 40);
    }
}
