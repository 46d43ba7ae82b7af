using VisionBanana.Edge.Navigation;

namespace VisionBanana.Edge.Tests.Navigation;

/// <summary>With true depth the scan of every drive is what ray casting says.</summary>
public sealed class DrivesTests
{
    private const double Pixel = 0.0073;

    public static TheoryData<string> Names => [.. Drives.All.Select(d => d.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Scan_TrueDepth_IsWhatRaysMeet(string name)
    {
        (_, var mount, Func<float, Scene> at) = Drives.All.Single(d => d.Name == name);
        var navigator = new Navigator(Drives.Options(mount));
        var errors = new RangeErrors();
        for (int i = 0; i < Drives.Pictures; i += 6)
        {
            Scene scene = at((float)(i / Drives.RateHz));
            Surroundings seen = Views.Look(
                navigator, mount, Views.Camera, scene.Render(Views.Camera, mount).Depth, ns: (long)(i * 1e9 / Drives.RateHz));
            Drives.Compare(seen.Scan!, scene, mount, Pixel, errors);
            Assert.Equal(Drives.ShouldStop(scene, mount), seen.Zones[0].State == ZoneState.Occupied);
        }

        Assert.InRange(errors.Ranges, 1000, 2000);
        Assert.Equal(0, errors.Missed);
        Assert.Equal(0, errors.False);
        Assert.Equal(0, errors.OutsideAll);

        // Along a wall one pixel may cover more than 1 %.
        Assert.InRange(errors.BeyondNearest, 0, errors.Ranges / 50);
    }
}
