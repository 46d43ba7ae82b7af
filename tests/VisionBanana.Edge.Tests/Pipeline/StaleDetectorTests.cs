using VisionBanana.Edge.Pipeline;

namespace VisionBanana.Edge.Tests.Pipeline;

public sealed class StaleDetectorTests
{
    [Theory]
    [InlineData(0, false)]
    [InlineData(40, true)]
    public void IsRepeat_SamePixels_DependsOnTheTimeStamp(double secondTimestamp, bool moved)
    {
        var detector = new StaleDetector();
        byte[] picture = new byte[1001];
        new Random(3).NextBytes(picture);

        Assert.False(detector.IsRepeat(picture, secondTimestamp));
        Assert.True(detector.IsRepeat(picture, secondTimestamp));
        Assert.Equal(!moved, detector.IsRepeat(picture, secondTimestamp * 2));
        picture[1000] ^= 1;
        Assert.False(detector.IsRepeat(picture, secondTimestamp * 2));
    }
}
