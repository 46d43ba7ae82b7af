using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Navigation;
using VisionBanana.Edge.Tests.Shared;

namespace VisionBanana.Edge.Tests.Navigation;

public sealed class ZoneTests
{
    private const long Ms = 1_000_000;

    private static readonly CameraMount Mount = Views.Mount(0.6, 10);

    private static readonly ZoneOptions Stop = new() { Name = "stop", Shape = PolygonZone.Box(0.8f, 2, -0.5f, 0.5f), LeaveAfter = TimeSpan.Zero };

    private static readonly Scene Empty = new(), Blocked = new() { Boxes = { (new(1.2f, -0.2f, 0), new(1.4f, 0.2f, 0.5f)) } };

    [Fact]
    public void Zone_NothingInIt_IsFreeAndWithABoxOccupied()
    {
        Navigator navigator = Of(Stop);
        ZoneStatus free = See(navigator, Empty, 0);
        ZoneStatus occupied = See(navigator, Blocked, 100);

        Assert.Equal(ZoneState.Free, free.State);
        Assert.True(float.IsNaN(free.NearestM));
        Assert.InRange(free.Seen, 0.5f, 1);
        Assert.Equal(ZoneState.Occupied, occupied.State);
        Assert.Equal(1.2f, occupied.NearestM, 0.02f);
        Assert.Equal(0, occupied.BearingDegrees, 10f);
        Assert.Equal(100 * Ms, occupied.SinceNs);
        Assert.InRange(occupied.Points, 50, 5000);
    }

    [Fact]
    public void Zone_BoxBesideIt_IsFreeAndBearingsAreToTheLeft()
    {
        var scene = new Scene { Boxes = { (new(1.2f, 0.7f, 0), new(1.4f, 0.9f, 0.5f)) } };
        Assert.Equal(ZoneState.Free, See(Of(Stop), scene, 0).State);
        ZoneStatus wide = See(Of(Stop with { Shape = PolygonZone.Box(0.8f, 2, -1, 1) }), scene, 0);
        Assert.Equal(ZoneState.Occupied, wide.State);
        Assert.Equal(double.RadiansToDegrees(Math.Atan2(0.7, 1.2)), wide.BearingDegrees, 2f);
    }

    [Theory]
    [InlineData(2.05f, false, true)]
    [InlineData(2.3f, false, false)]
    [InlineData(1.9f, true, true)]
    public void Zone_Border_HasHysteresis(float at, bool enters, bool stays)
    {
        var scene = new Scene { Boxes = { (new(at, -0.3f, 0), new(at + 0.3f, 0.3f, 0.6f)) } };
        Navigator fresh = Of(Stop with { LeaveM = 0.15 }), occupied = Of(Stop with { LeaveM = 0.15 });
        See(occupied, Blocked, 0);

        Assert.Equal(enters, See(fresh, scene, 100).State == ZoneState.Occupied);
        Assert.Equal(stays, See(occupied, scene, 100).State == ZoneState.Occupied);
    }

    [Fact]
    public void Zone_Times_AreWaitedFor()
    {
        Navigator navigator = Of(Stop with { EnterAfter = TimeSpan.FromMilliseconds(200), LeaveAfter = TimeSpan.FromMilliseconds(300) });
        ZoneState[] states =
        [
            See(navigator, Empty, 0).State, See(navigator, Blocked, 100).State, See(navigator, Blocked, 200).State, See(navigator, Blocked, 300).State,
            See(navigator, Empty, 400).State, See(navigator, Empty, 600).State, See(navigator, Empty, 700).State,
        ];
        Assert.Equal(
            [ZoneState.Free, ZoneState.Free, ZoneState.Free, ZoneState.Occupied, ZoneState.Occupied, ZoneState.Occupied, ZoneState.Free], states);
    }

    [Fact]
    public void Zone_HiddenByWhatStandsBefore_IsUnknown()
    {
        var scene = new Scene { Boxes = { (new(0.5f, -0.5f, 0), new(0.6f, 0.5f, 1.5f)) } };
        ZoneStatus status = See(Of(Stop), scene, 0);

        Assert.Equal(ZoneState.Unknown, status.State);
        Assert.Contains("hidden", status.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Zone_DroppedPixels_AreUnknownAndNeverFree()
    {
        (float[] depth, _) = Empty.Render(Views.Camera, Mount);
        float[] none = new float[depth.Length];
        Navigator navigator = Of(Stop);
        Assert.Equal(ZoneState.Free, Views.Look(navigator, Mount, Views.Camera, depth).Zones[0].State);
        Assert.Equal(ZoneState.Unknown, Views.Look(navigator, Mount, Views.Camera, depth, none, 100 * Ms).Zones[0].State);
        depth.AsSpan().Fill(float.NaN);
        Assert.Equal(ZoneState.Unknown, Views.Look(navigator, Mount, Views.Camera, depth, null, 200 * Ms).Zones[0].State);
    }

    [Fact]
    public void Zone_NoPictureForItsTimeout_BeginsAgainUnknown()
    {
        Navigator navigator = Of(Stop);
        See(navigator, Blocked, 0);
        Assert.Equal(ZoneState.Free, See(navigator, Empty, 5000).State);
        var result = new Surroundings();
        navigator.Update(new NavigationInput { Camera = Views.Camera, Mount = Mount, MonotonicNs = 5500 * Ms, UtcNs = 5500 * Ms }, result);
        Assert.Equal(ZoneState.Free, result.Zones[0].State);
        navigator.Update(new NavigationInput { Camera = Views.Camera, Mount = Mount, MonotonicNs = 6100 * Ms, UtcNs = 6100 * Ms }, result);
        Assert.Equal(ZoneState.Unknown, result.Zones[0].State);
        Assert.Contains("1000 ms", result.Zones[0].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Zone_OfAClass_CountsThatAlone()
    {
        var scene = new Scene { People = { (new(1.3f, 0), 0.2f, 1.7f) } };
        (float[] depth, int[] what) = scene.Render(Views.Camera, Mount);
        ushort[] people = [.. what.Select(w => (ushort)(w >= 2 ? 1 : 0))];
        float[] sure = [.. Enumerable.Repeat(1f, depth.Length)];
        foreach ((string name, ZoneState expected) in new[] { ("person", ZoneState.Occupied), ("dog", ZoneState.Free) })
        {
            Navigator navigator = Of(Stop with { Classes = [name], MaxHidden = 1 });
            var result = new Surroundings();
            navigator.Update(
                new NavigationInput
                {
                    Camera = Views.Camera,
                    Mount = Mount,
                    Depth = depth,
                    Confidence = sure,
                    Instances = people,
                    InstanceConfidence = sure,
                    InstanceClass = "person",
                    MonotonicNs = 0,
                },
                result);
            Assert.Equal(expected, result.Zones[0].State);
            Assert.Equal(expected == ZoneState.Occupied ? "person" : "", result.Zones[0].Class);
        }
    }

    [Fact]
    public void Zone_Sector_NeedsNoMount()
    {
        var zone = new ZoneOptions { Name = "near", Shape = new SectorZone(-15, 15, 1.5f) };
        var options = new NavigationOptions { Zones = [zone], Obstacles = new() { Floor = FloorSource.Rows } };
        (float[] near, _) = new Scene { WallAt = 1.2 }.Render(Views.Camera, Views.Mount());
        (float[] far, _) = new Scene { WallAt = 3 }.Render(Views.Camera, Views.Mount());

        Assert.Equal(ZoneState.Occupied, Views.Look(options, Views.Camera, near).Zones[0].State);
        Assert.Equal(ZoneState.Free, Views.Look(options, Views.Camera, far).Zones[0].State);
    }

    [Fact]
    public void Zone_CameraThatTurnsWhileItRuns_IsSeenWhereItIs()
    {
        // The box stands 40° to the left of the robot; the camera turns to it.
        var scene = new Scene { Boxes = { (new(1.0f, 0.85f, 0), new(1.3f, 1.2f, 0.5f)) } };
        CameraMount turned = Views.Mount(0.6, 10, yawDegrees: 40);
        Navigator navigator = Of(Stop with { Name = "left", Shape = PolygonZone.Box(0.9f, 1.6f, 0.7f, 1.3f), MaxHidden = 1 });
        See(navigator, scene, 0);
        ZoneStatus seen = Views.Look(navigator, turned, Views.Camera, scene.Render(Views.Camera, turned).Depth, ns: 100 * Ms).Zones[0];
        Assert.Equal(ZoneState.Occupied, seen.State);
        Assert.Equal(double.RadiansToDegrees(Math.Atan2(0.85, 1.0)), seen.BearingDegrees, 4f);

        ZoneStatus lost = Views.Look(navigator, null, Views.Camera, scene.Render(Views.Camera, turned).Depth, ns: 200 * Ms).Zones[0];
        Assert.Equal(ZoneState.Unknown, lost.State);
        Assert.Contains("live mount", lost.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void OutsideM_Shapes_AreMeasuredFromTheirBorder()
    {
        var bend = new PolygonZone([(0, 0), (2, 0), (2, 2), (1, 2), (1, 1), (0, 1)]);
        Assert.Equal(0, bend.OutsideM(1.5f, 1.5f));
        Assert.Equal(0.5f, bend.OutsideM(0.5f, 1.5f), 1e-5f);
        Assert.Equal(1, bend.OutsideM(3, 1), 1e-5f);
        var behind = new SectorZone(150, 210, 2);
        Assert.Equal(0, behind.OutsideM(-1, 0));
        Assert.Equal(1, behind.OutsideM(-3, 0), 1e-5f);
        Assert.Equal(1, behind.OutsideM(1, 0), 1e-5f);
    }

    [Fact]
    public void Check_ZoneOutsideTheView_IsRefused()
    {
        Navigator navigator = Of(Stop with { Name = "behind", Shape = PolygonZone.Box(-2, -1, -0.5f, 0.5f) });
        ConfigurationException error = Assert.Throws<ConfigurationException>(() => navigator.Check(Views.Camera));
        Assert.Contains("behind lies outside the view", error.Message, StringComparison.Ordinal);
        Of(Stop).Check(Views.Camera);
    }

    [Fact]
    public void Problems_ZonesThatCannotWork_AreTold()
    {
        var options = new NavigationOptions
        {
            Zones =
            [
                Stop with { Name = "a/b" }, Stop, Stop, Stop with { Name = "line", Shape = new PolygonZone([(0, 0), (1, 0), (2, 0)]) },
                Stop with { Name = "leave", EnterM = 1, LeaveM = 0.5 }, Stop with { Name = "heights", MinHeightM = 2, MaxHeightM = 1 },
                Stop with { Name = "turn", Shape = new SectorZone(20, -20, 1) },
            ],
        };
        string all = string.Join('\n', options.Problems());
        foreach (string part in new[] { "'a/b'", "stands twice", "no area", "no less to leave", "min_height_m is 2", "goes left", "camera.mount" })
        {
            Assert.Contains(part, all, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Zone_Repeated_AllocatesNothing()
    {
        Navigator navigator = Of(Stop, Stop with { Name = "slow", Shape = PolygonZone.Box(0.8f, 3, -1, 1) });
        (float[] depth, _) = Blocked.Render(Views.Camera, Mount);
        float[] sure = [.. Enumerable.Repeat(1f, depth.Length)];
        var result = new Surroundings();
        long ns = 0;
        void Again()
        {
            for (int i = 0; i < 12; i++)
            {
                navigator.Update(
                    new NavigationInput { Camera = Views.Camera, Mount = Mount, Depth = depth, Confidence = sure, MonotonicNs = ns += 30 * Ms }, result);
            }
        }

        Again();
        Assert.Equal(0, Allocation.Of(Again));
        Assert.Equal(ZoneState.Occupied, result.Zones[1].State);
    }

    private static Navigator Of(params ZoneOptions[] zones) => new(new NavigationOptions { Mount = Mount, Zones = [.. zones] });

    private static ZoneStatus See(Navigator navigator, Scene scene, long ms)
    {
        (float[] depth, _) = scene.Render(Views.Camera, Mount);
        return Views.Look(navigator, Mount, Views.Camera, depth, null, ms * Ms).Zones[0];
    }
}
