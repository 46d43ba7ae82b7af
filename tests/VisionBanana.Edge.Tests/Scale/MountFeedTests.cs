using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Scale;

namespace VisionBanana.Edge.Tests.Scale;

public sealed class MountFeedTests
{
    private const long Millisecond = 1_000_000;

    private static readonly CameraMount Mount = CameraMount.OfBody("base_link", 0.1, 0, 0.4, UnitQuaternion.FromRpy(0, double.DegreesToRadians(15), 0));

    private readonly long _start = (DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() - 60_000) * Millisecond;

    [Fact]
    public void At_LevelRobot_IsTheMount()
    {
        var feed = new MountFeed(new MountFeedOptions { Mount = Mount });
        var expected = SupportPlane.Of(Mount);

        feed.PushAcceleration(0, 0, 9.79, _start);
        SupportPlane plane = feed.At(_start + (30 * Millisecond))!;

        Assert.Equal(expected.UpY, plane.UpY, 6);
        Assert.Equal(expected.UpZ, plane.UpZ, 6);
        Assert.Equal(0.4, plane.HeightM!.Value, 6);
    }

    [Fact]
    public void At_RobotNoseDown_CameraLooksDownMore()
    {
        var feed = new MountFeed(new MountFeedOptions { Mount = Mount, LowPass = TimeSpan.Zero });

        // Nose down by 10°: up leans backwards in the body, to −x.
        feed.PushAcceleration(-9.81 * Math.Sin(double.DegreesToRadians(10)), 0, 9.81 * Math.Cos(double.DegreesToRadians(10)), _start);

        var expected = SupportPlane.OfAngles(1, 25);
        SupportPlane plane = feed.At(_start)!;
        Assert.Equal(expected.UpY, plane.UpY, 6);
        Assert.Equal(expected.UpZ, plane.UpZ, 6);
    }

    [Fact]
    public void MountAt_PosesInTheMountsFrame_AreWhereTheCameraSits()
    {
        var feed = new MountFeed(new MountFeedOptions { Mount = Mount });
        feed.PushAcceleration(0, 0, 9.79, _start);
        feed.Push(CameraMount.OfBody("map", 9, 9, 0.4, UnitQuaternion.Identity), _start + Millisecond);
        Assert.False(feed.HasPoses);

        CameraMount turned = CameraMount.OfBody("base_link", 0.1, 0, 0.4, UnitQuaternion.FromRpy(0, 0, 1));
        feed.Push(turned, _start + (2 * Millisecond));

        Assert.True(feed.HasPoses);
        Assert.Equal(turned, feed.MountAt(_start + (10 * Millisecond)));
        Assert.Null(feed.MountAt(_start + (10_000 * Millisecond)));
    }

    [Fact]
    public void PushAcceleration_Shaken_HardlyTurnsUp()
    {
        var feed = new MountFeed(new MountFeedOptions { Mount = Mount });
        var random = new Random(2);
        for (int i = 0; i < 200; i++)
        {
            double shake = i > 100 ? 8 * (random.NextDouble() - 0.5) : 0;
            feed.PushAcceleration(shake, (shake / 2) + (0.001 * i), 9.81, _start + (i * 10 * Millisecond));
        }

        SupportPlane plane = feed.At(_start + (1990 * Millisecond))!, still = SupportPlane.Of(Mount);
        double angle = Math.Acos(Math.Clamp((plane.UpX * still.UpX) + (plane.UpY * still.UpY) + (plane.UpZ * still.UpZ), -1, 1));
        Assert.True(double.RadiansToDegrees(angle) < 5, $"{double.RadiansToDegrees(angle)}°");
        Assert.True(feed.Counts[AnchorRefusal.Shaken] > 10);
    }

    [Fact]
    public void At_PictureByStamp_TakesTheNearestAndNothingStale()
    {
        var feed = new MountFeed();
        for (int i = 0; i < 5; i++)
        {
            feed.Push(CameraMount.OfBody("base_link", 0, 0, 0.5 + (0.1 * i), UnitQuaternion.Identity), _start + (i * 100 * Millisecond));
        }

        Assert.Equal(0.7, feed.At(_start + (210 * Millisecond))!.HeightM!.Value, 6);
        Assert.Equal(0.9, feed.At(_start + (600 * Millisecond))!.HeightM!.Value, 6);
        Assert.Null(feed.At(_start + (2000 * Millisecond)));
        Assert.Null(feed.At(_start - (2000 * Millisecond)));
    }

    [Fact]
    public void PushHeight_WithGravity_TellsThePlane()
    {
        var feed = new MountFeed(new MountFeedOptions { Mount = CameraMount.OfBody("base_link", 0, 0, 0, UnitQuaternion.Identity) });
        Assert.Equal(AnchorRefusal.None, feed.PushAcceleration(0, 0, 9.81, _start));
        Assert.Null(feed.At(_start)!.HeightM);

        feed.PushHeight(12.5, _start + Millisecond);

        Assert.Equal(12.5, feed.At(_start + Millisecond)!.HeightM);
    }

    [Fact]
    public void OnNext_PosesFromCode_Count()
    {
        var feed = new MountFeed();
        using (System.Reactive.Linq.Observable.Return(Mount).Subscribe(feed))
        {
            Assert.Equal(0.4, feed.At(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() * Millisecond)!.HeightM!.Value, 6);
        }
    }
}
