using System.Collections.Immutable;
using FsCheck.Xunit;
using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Navigation;
using VisionBanana.Edge.Tests.Shared;

namespace VisionBanana.Edge.Tests.Navigation;

public sealed class ScanTests
{
    private static readonly CameraIntrinsics Fisheye = new(192, 144, 90, 90, 95.5, 71.5)
    {
        DistortionModel = DistortionModel.Equidistant,
        Distortion = ImmutableArray.Create(0.01, 0.0, 0.0, 0.0),
    };

    [Property(MaxTest = 60)]
    public void Scan_PlaneFloorAtAnyTilt_IsNeverAnObstacle(int seed)
    {
        var random = new Random(seed);
        CameraMount mount = Views.Mount(0.15 + (2 * random.NextDouble()), (random.NextDouble() - 0.5) * 60, (random.NextDouble() - 0.5) * 60);

        ObstacleScan scan = Views.Scan(new Scene(), mount);

        Assert.All(scan.Ranges.ToArray(), range => Assert.False(float.IsFinite(range) || float.IsNegativeInfinity(range), $"{range}"));
    }

    [Property(MaxTest = 30)]
    public void Scan_PlaneFloorThatIsFitted_IsNeverAnObstacle(int seed)
    {
        var random = new Random(seed);
        CameraMount mount = Views.Mount(0.3 + (1.5 * random.NextDouble()), random.NextDouble() * 30, (random.NextDouble() - 0.5) * 40);
        (float[] depth, _) = new Scene().Render(Views.Camera, mount);

        ObstacleScan scan = Views.Look(new NavigationOptions { Obstacles = new() { Floor = FloorSource.Fit } }, Views.Camera, depth).Scan!;

        Assert.True(scan.KnowsFloor);
        Assert.Equal(mount.HeightM, scan.CameraHeightM, 0.02 * mount.HeightM);
        Assert.All(scan.Ranges.ToArray(), range => Assert.False(float.IsFinite(range), $"{range}"));
    }

    [Property(MaxTest = 60)]
    public void Scan_WallAtAnyDistance_IsThereInEveryDirection(int seed)
    {
        var random = new Random(seed);
        double wall = 0.5 + (6 * random.NextDouble());
        CameraMount mount = Views.Mount(0.3 + random.NextDouble(), (random.NextDouble() - 0.5) * 20, (random.NextDouble() - 0.5) * 10);

        ObstacleScan scan = Views.Scan(new Scene { WallAt = wall }, mount);

        for (int i = 0; i < scan.Ranges.Length; i++)
        {
            // Directions that only a corner of the picture sees may look at the floor alone.
            double expected = wall / Math.Cos(scan.BearingOf(i));
            Assert.True(float.IsNaN(scan.Ranges[i]) || Near(scan.Ranges[i], expected), $"{i}: {scan.Ranges[i]} is not {expected}");
        }

        int middle = scan.Ranges.Length / 2;
        Assert.All(scan.Ranges[(middle - 40)..(middle + 40)].ToArray(), range => Assert.True(float.IsFinite(range)));
    }

    [Fact]
    public void Scan_WideLens_CoversTheTrueView()
    {
        ObstacleScan scan = Views.Scan(new Scene { WallAt = 2 }, Views.Mount(), camera: Fisheye);
        double widest = Enumerable.Range(0, 144).Max(y => Math.Atan(-Fisheye.Unproject(0, y).SlopeX));

        Assert.Equal(widest, scan.AngleMin + ((scan.Ranges.Length - 1) * scan.AngleIncrement), 0.02);
        double level = Math.Atan(-Fisheye.Unproject(0, 71).SlopeX);
        for (int i = 0; i < scan.Ranges.Length; i++)
        {
            // What only a corner of the picture sees is not known as far as the rest.
            bool near = Near(scan.Ranges[i], 2 / Math.Cos(scan.BearingOf(i)), 0.025);
            Assert.True(near || (Math.Abs(scan.BearingOf(i)) > level - 0.02 && float.IsNaN(scan.Ranges[i])), $"{i}: {scan.Ranges[i]}");
        }
    }

    [Property(MaxTest = 40)]
    public void Scan_BoxesAndPeople_AreWhereRaysMeetThem(int seed)
    {
        var random = new Random(seed);
        var scene = new Scene { WallAt = 9 };
        for (int i = 0; i < 4; i++)
        {
            float x = 1 + (4 * random.NextSingle()), y = (random.NextSingle() - 0.5f) * 4;
            scene.Boxes.Add((new(x, y, 0), new(x + 0.4f, y + 0.4f, 0.6f)));
            scene.People.Add((new(1 + (5 * random.NextSingle()), (random.NextSingle() - 0.5f) * 5), 0.25f, 1.7f));
        }

        CameraMount mount = Views.Mount(0.5, 5 * random.NextDouble());
        ObstacleScan scan = Views.Scan(scene, mount);
        int wrong = 0;
        for (int i = 0; i < scan.Ranges.Length; i++)
        {
            // Directions that only a corner of the picture sees may not see all of a thing.
            if (Math.Abs(scan.BearingOf(i)) > double.DegreesToRadians(33))
            {
                continue;
            }

            // At the edge of a thing a direction sees part of it.
            double half = scan.AngleIncrement / 2, bearing = scan.BearingOf(i);
            double[] expected = [.. new[] { -1.4, -0.7, 0, 0.7, 1.4 }.Select(k => scene.RangeAt(mount, bearing + (k * half), 0.1, 2, scan.RangeMaxM))];
            wrong += Near(scan.Ranges[i], expected[2]) || (expected.Min() * 0.99 <= scan.Ranges[i] && scan.Ranges[i] <= expected.Max() * 1.01) ? 0 : 1;
        }

        Assert.True(wrong == 0, $"{wrong} of {scan.Ranges.Length} ranges are wrong");
    }

    [Fact]
    public void Scan_DroppedPixels_AreUnknownAndNeverFree()
    {
        CameraMount mount = Views.Mount();
        (float[] depth, _) = new Scene().Render(Views.Camera, mount);
        depth[(80 * 192) + 96] = float.NaN;
        float[] confidence = new float[depth.Length];
        confidence.AsSpan().Fill(1);
        confidence[(90 * 192) + 20] = 0.1f;

        ObstacleScan scan = Views.Look(new NavigationOptions { Mount = mount }, Views.Camera, depth, confidence).Scan!;

        Assert.True(float.IsNaN(scan.Ranges[IndexOf(scan, 96, 80)]));
        Assert.True(float.IsNaN(scan.Ranges[IndexOf(scan, 20, 90)]));
        Assert.Equal(scan.Ranges.Length - 2, scan.Ranges.ToArray().Count(float.IsPositiveInfinity));
    }

    [Fact]
    public void Scan_PointsThatFlyAlone_AreUnknownAndNoObstacles()
    {
        CameraMount mount = Views.Mount();
        (float[] depth, _) = new Scene().Render(Views.Camera, mount);
        depth[(50 * 192) + 30] = 1.5f;
        depth[(70 * 192) + 96] = 2;
        depth[(74 * 192) + 150] = float.NegativeInfinity;
        (float[] wall, _) = new Scene { WallAt = 4 }.Render(Views.Camera, mount);
        wall[(70 * 192) + 96] = 2;

        ObstacleScan scan = Views.Look(new NavigationOptions { Mount = mount }, Views.Camera, depth).Scan!;
        ObstacleScan before = Views.Look(new NavigationOptions { Mount = mount }, Views.Camera, wall).Scan!;
        ObstacleScan every = Views.Look(new NavigationOptions { Mount = mount, Obstacles = new() { MinPoints = 1 } }, Views.Camera, depth).Scan!;

        foreach ((int x, int y) in new[] { (30, 50), (96, 70), (150, 74) })
        {
            Assert.True(float.IsNaN(scan.Ranges[IndexOf(scan, x, y)]));
        }

        Assert.Equal(scan.Ranges.Length - 3, scan.Ranges.ToArray().Count(float.IsPositiveInfinity));
        Assert.True(Near(before.Ranges[IndexOf(before, 96, 70)], 4));
        Assert.Equal(2, every.Ranges[IndexOf(every, 96, 70)], 0.01f);
        Assert.Equal(float.NegativeInfinity, every.Ranges[IndexOf(every, 150, 74)]);
    }

    [Fact]
    public void Scan_ThinBar_IsAnObstacleByItsNeighbours()
    {
        // One row of pixels: every direction sees it once or twice, and its neighbours agree.
        CameraMount mount = Views.Mount();
        (float[] depth, _) = new Scene().Render(Views.Camera, mount);
        depth.AsSpan((60 * 192) + 80, 30).Fill(2);

        ObstacleScan scan = Views.Look(new NavigationOptions { Mount = mount, Obstacles = new() { MinPoints = 3 } }, Views.Camera, depth).Scan!;

        Assert.Equal(2, scan.Ranges[IndexOf(scan, 95, 60)], 0.02f);
    }

    [Fact]
    public void Scan_DroppedPixelsWhereNothingCanStand_HideNothing()
    {
        // Level and 0.05 m high, the lower half sees the floor before anything that is 0.1 m high.
        CameraMount mount = Views.Mount(0.05);
        (float[] depth, _) = new Scene().Render(Views.Camera, mount);
        depth.AsSpan(100 * 192).Fill(float.NaN);

        ObstacleScan scan = Views.Look(new NavigationOptions { Mount = mount }, Views.Camera, depth).Scan!;

        Assert.All(scan.Ranges.ToArray(), range => Assert.True(float.IsPositiveInfinity(range)));
    }

    [Fact]
    public void Scan_CameraThatLooksDown_IsNotFreeFartherThanItSees()
    {
        ObstacleScan scan = Views.Scan(new Scene(), Views.Mount(1, 40));

        Assert.InRange(scan.RangeMaxM, 0.9 / Math.Tan(double.DegreesToRadians(16)), 5);
        Assert.All(scan.Ranges.ToArray(), range => Assert.False(float.IsFinite(range)));
        Assert.Contains(scan.Ranges.ToArray(), float.IsPositiveInfinity);
    }

    [Fact]
    public void Scan_TooClose_IsNegativeInfinity()
    {
        CameraMount mount = Views.Mount();
        float[] depth = new float[192 * 144];
        depth.AsSpan().Fill(0.05f);
        ObstacleScan near = Views.Look(new NavigationOptions { Mount = mount }, Views.Camera, depth).Scan!;
        depth.AsSpan().Fill(float.NegativeInfinity);
        ObstacleScan closer = Views.Look(new NavigationOptions { Mount = mount }, Views.Camera, depth).Scan!;

        Assert.All(near.Ranges.ToArray(), range => Assert.Equal(float.NegativeInfinity, range));
        Assert.All(closer.Ranges.ToArray(), range => Assert.Equal(float.NegativeInfinity, range));
    }

    [Fact]
    public void Scan_EdgeOfAHole_IsAnObstacleWhenAsked()
    {
        var scene = new Scene { FloorEndsAt = 1.5, HoleM = 0.5 };
        CameraMount mount = Views.Mount(0.8, 30);

        Assert.DoesNotContain(Views.Scan(scene, mount).Ranges.ToArray(), float.IsFinite);
        ObstacleScan scan = Views.Scan(scene, mount, new ObstacleOptions { MaxDropM = 0.1 });
        Assert.InRange(scan.Ranges[scan.Ranges.Length / 2], 1.5f, 1.56f);
    }

    [Fact]
    public void Scan_TableAtHeadHeight_IsSeenAboveTheFloor()
    {
        var scene = new Scene { Boxes = { (new(1.2f, -1, 0.7f), new(2, 1, 0.75f)) } };
        ObstacleScan scan = Views.Scan(scene, Views.Mount(0.4));
        ObstacleScan below = Views.Scan(scene, Views.Mount(0.4), new ObstacleOptions { MaxHeightM = 0.6 });

        Assert.Equal(1.2f, scan.Ranges[scan.Ranges.Length / 2], 0.012f);
        Assert.Equal(float.PositiveInfinity, below.Ranges[below.Ranges.Length / 2]);
    }

    [Fact]
    public void Scan_SupportOfThePicture_GoesBeforeTheMount()
    {
        // The mount says level; the robot brakes and nods by 12°.
        CameraMount nods = Views.Mount(0.6, 12);
        (float[] depth, _) = new Scene().Render(Views.Camera, nods);
        float[] sure = [.. Enumerable.Repeat(1f, depth.Length)];
        var navigator = new Navigator(new NavigationOptions { Mount = Views.Mount(0.6) });
        var result = new Surroundings();
        navigator.Update(new NavigationInput { Camera = Views.Camera, Mount = Views.Mount(0.6), Depth = depth, Confidence = sure }, result);
        Assert.Contains(result.Scan!.Ranges.ToArray(), float.IsFinite);
        navigator.Update(
            new NavigationInput { Camera = Views.Camera, Mount = Views.Mount(0.6), Support = SupportPlane.Of(nods), Depth = depth, Confidence = sure }, result);
        Assert.DoesNotContain(result.Scan!.Ranges.ToArray(), float.IsFinite);
    }

    [Fact]
    public void Scan_UnknownFloor_IsWhatIsBetweenTwoRows()
    {
        (float[] depth, _) = new Scene { WallAt = 3 }.Render(Views.Camera, Views.Mount(1));
        ObstacleScan scan = Views.Look(new NavigationOptions { Obstacles = new() { Floor = FloorSource.Rows } }, Views.Camera, depth).Scan!;

        Assert.False(scan.KnowsFloor);
        Assert.All(Enumerable.Range(0, scan.Ranges.Length), i => Assert.True(Near(scan.Ranges[i], 3 / Math.Cos(scan.BearingOf(i)))));
    }

    [Fact]
    public void Scan_Repeated_AllocatesNothing()
    {
        CameraMount mount = Views.Mount(1, 10);
        (float[] depth, _) = new Scene { WallAt = 3 }.Render(Views.Camera, mount);
        float[] sure = new float[depth.Length];
        sure.AsSpan().Fill(1);
        foreach (FloorSource floor in (FloorSource[])[FloorSource.Mount, FloorSource.Fit])
        {
            var navigator = new Navigator(new NavigationOptions { Mount = mount, Obstacles = new() { Floor = floor } });
            var result = new Surroundings();
            void Again()
            {
                for (int i = 0; i < 12; i++)
                {
                    navigator.Update(new NavigationInput { Camera = Views.Camera, Mount = mount, Depth = depth, Confidence = sure }, result);
                }
            }

            Again();
            Assert.Equal(0, Allocation.Of(Again));
        }
    }

    [Fact]
    public void Problems_OptionsThatContradict_AreTold()
    {
        var options = new NavigationOptions
        {
            Mount = Views.Mount(1, 85),
            Obstacles = new() { MinHeightM = 2, MaxHeightM = 1, TopRow = 0.9, MinRangeM = 5, MaxRangeM = 4, MinConfidence = 2, MinPoints = 0 },
        };
        Assert.Equal(6, options.Problems().Count());
        Assert.Contains(
            new NavigationOptions { Obstacles = new() { Floor = FloorSource.Mount } }.Problems(), p => p.Contains("camera.mount", StringComparison.Ordinal));
        Assert.Contains(new NavigationOptions { Mount = Views.Mount(-1) }.Problems(), p => p.Contains("floor_z_m", StringComparison.Ordinal));
        Assert.Throws<ConfigurationException>(() => new Navigator(options));
    }

    private static int IndexOf(ObstacleScan scan, int x, int y)
    {
        (double slope, _) = Views.Camera.Unproject(x, y);
        return (int)Math.Round((Math.Atan(-slope) - scan.AngleMin) / scan.AngleIncrement);
    }

    private static bool Near(double range, double expected, double share = 0.01) =>
        double.IsPositiveInfinity(expected) ? double.IsPositiveInfinity(range) : Math.Abs(range - expected) <= Math.Max(0.01, share * expected);
}
