using VisionBanana.Edge.Recording;

namespace VisionBanana.Edge.Tests.Recording;

public sealed class PlaybackClockTests
{
    private const long Second = 1_000_000_000, Day = 86_400 * Second;

    [Theory]
    [InlineData(Second, 1)]
    [InlineData(7200 * Second, 3600)]
    [InlineData(Day + Second, 0)]
    [InlineData(long.MaxValue - (10 * Second), 0)]
    [InlineData(-10 * Second, 0)]
    public void WaitFor_Distance_IsWaitedUnlessNoRecordingPausesForSoLong(long distanceNs, double seconds)
    {
        var pace = new PlaybackClock(1, new SteppedClock());
        Assert.Equal(TimeSpan.Zero, pace.WaitFor(10 * Second));

        Assert.Equal(TimeSpan.FromSeconds(seconds), pace.WaitFor(distanceNs + (10 * Second)));
    }

    [Fact]
    public void WaitFor_BehindAnImpossiblePause_GoesOnAtItsPace()
    {
        var pace = new PlaybackClock(2, new SteppedClock());
        pace.WaitFor(Second);
        pace.WaitFor(400 * Day);

        Assert.Equal(TimeSpan.FromSeconds(3), pace.WaitFor((400 * Day) + (6 * Second)));
    }
}
