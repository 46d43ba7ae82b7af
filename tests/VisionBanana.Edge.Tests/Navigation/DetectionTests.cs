using System.Numerics;
using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Navigation;

namespace VisionBanana.Edge.Tests.Navigation;

public sealed class DetectionTests
{
    private static readonly CameraMount Mount = Views.Mount(1.1, 5);

    [Fact]
    public void Find_PersonBeforeAWall_IsWhereItStands()
    {
        var scene = new Scene { WallAt = 8, People = { (new(3, 0.5f), 0.25f, 1.7f) } };
        Surroundings seen = See(Of(1), scene, 0);

        DetectedObject person = Assert.Single(seen.Objects.ToArray());
        Assert.Equal(1, person.Id);
        Assert.Equal("person", person.Class);

        // Of a cylinder the front half is seen.
        ObjectBox box = person.InRobot!.Value;
        Assert.Equal(0.5f, box.Centre.Y, 0.05f);
        Assert.InRange(box.Centre.X, 2.75f, 2.95f);
        Assert.InRange(box.Size.Y, 0.36f, 0.52f);
        Assert.InRange(box.Size.Z, 1.4f, 1.75f);
        Assert.InRange(person.DepthM, 2.6f, 3.1f);
    }

    [Fact]
    public void Find_FlyingPoints_DoNotMoveIt()
    {
        var scene = new Scene { WallAt = 8, People = { (new(3, 0), 0.25f, 1.7f) } };
        (float[] depth, int[] what) = scene.Render(Views.Camera, Mount);
        float[] truth = [.. depth];
        var random = new Random(1);
        for (int i = 0; i < depth.Length; i++)
        {
            depth[i] = what[i] == 2 && random.Next(10) == 0 ? 3 + (5 * random.NextSingle()) : depth[i];
        }

        DetectedObject clean = See(Of(1), truth, what, 0).Objects[0], noisy = See(Of(1), depth, what, 0).Objects[0];
        Assert.True(Vector3.Distance(clean.Box.Centre, noisy.Box.Centre) < 0.06f, $"{clean.Box} became {noisy.Box}");
        Assert.Equal(clean.DepthM, noisy.DepthM, 0.03f);
    }

    /// <summary>Two people cross before the camera, many times over: whoever was left stays who was left.</summary>
    [Fact]
    public void Follow_Crossings_KeepTheirIdsInNineteenOfTwenty()
    {
        int whole = 0;
        const int Tries = 60;
        for (int seed = 0; seed < Tries; seed++)
        {
            whole += Crosses(new Random(seed)) ? 1 : 0;
        }

        Assert.True(whole >= Tries * 0.95, $"{whole} of {Tries} crossings kept their ids");
    }

    [Fact]
    public void Follow_HiddenForAWhile_ComesBackAsTheSame()
    {
        Navigator navigator = Of(2);
        int before = 0;
        for (int i = 0; i < 40; i++)
        {
            float y = 1.2f - (0.05f * i);
            var scene = new Scene { WallAt = 8, People = { (new(4, y), 0.25f, 1.7f) }, Boxes = { (new(2, -0.3f, 0), new(2.2f, 0.3f, 2.5f)) } };
            Surroundings seen = See(navigator, scene, i, people: 3);
            before = i == 5 ? Assert.Single(seen.Objects.ToArray()).Id : before;
            if (i == 39)
            {
                Assert.Equal(before, Assert.Single(seen.Objects.ToArray()).Id);
            }
        }
    }

    [Fact]
    public void Follow_GoneForLong_IsSomebodyNew()
    {
        Navigator navigator = Of(1);
        var scene = new Scene { WallAt = 8, People = { (new(4, 0), 0.25f, 1.7f) } };
        int first = See(navigator, scene, 0).Objects[0].Id;
        See(navigator, new Scene { WallAt = 8 }, 1);
        See(navigator, new Scene { WallAt = 8 }, 40);
        Assert.Equal(first + 1, See(navigator, scene, 80).Objects[0].Id);
    }

    [Fact]
    public void Follow_NoiseOfOnePicture_GetsNoId()
    {
        Navigator navigator = Of(2);
        Assert.Empty(See(navigator, new Scene { WallAt = 8, People = { (new(4, 0), 0.25f, 1.7f) } }, 0).Objects.ToArray());
        Assert.Empty(See(navigator, new Scene { WallAt = 8 }, 1).Objects.ToArray());
        Assert.Empty(See(navigator, new Scene { WallAt = 8, People = { (new(4, 1), 0.25f, 1.7f) } }, 2).Objects.ToArray());
    }

    [Fact]
    public void Solve_AnyCosts_IsTheCheapestOfAll()
    {
        var random = new Random(7);
        var assignment = new Assignment();
        for (int round = 0; round < 200; round++)
        {
            int rows = 1 + random.Next(4), columns = rows + random.Next(3);
            double[] cost = [.. Enumerable.Range(0, rows * columns).Select(_ => (double)random.Next(50))];
            int[] found = new int[rows];
            assignment.Solve(cost, rows, columns, found);
            Assert.Equal(rows, found.Distinct().Count());
            Assert.Equal(Cheapest(cost, columns, 0, rows, 0), found.Select((column, row) => cost[(row * columns) + column]).Sum());
        }
    }

    private static double Cheapest(double[] cost, int columns, int row, int rows, int used) => row == rows ? 0 : Enumerable.Range(0, columns)
        .Where(c => (used & (1 << c)) == 0).Min(c => cost[(row * columns) + c] + Cheapest(cost, columns, row + 1, rows, used | (1 << c)));

    private static bool Crosses(Random random)
    {
        Navigator navigator = Of(2);
        float near = 2.5f + random.NextSingle(), far = near + 0.8f + random.NextSingle(), speed = 0.8f + random.NextSingle();
        int left = 0, right = 0;
        for (int i = 0; i < 32; i++)
        {
            float t = (i - 16) * 0.1f;
            var scene = new Scene
            {
                WallAt = 8,
                People = { (new(near, 0.05f - (speed * 0.5f * t)), 0.22f, 1.7f), (new(far, speed * 0.6f * t), 0.22f, 1.7f) },
            };
            (float[] depth, int[] what) = scene.Render(Views.Camera, Mount);
            for (int k = 0; k < depth.Length; k++)
            {
                depth[k] *= 1 + ((random.NextSingle() - 0.5f) * 0.02f);
            }

            DetectedObject[] found = See(navigator, depth, what, i).Objects.ToArray();
            if (i == 3 && found.Length == 2)
            {
                (left, right) = (found.Single(o => o.Instance == 1).Id, found.Single(o => o.Instance == 2).Id);
            }

            if (i == 31)
            {
                return left != 0 && found.Length == 2 && found.Single(o => o.Instance == 1).Id == left && found.Single(o => o.Instance == 2).Id == right;
            }
        }

        return false;
    }

    private static Navigator Of(int birth) => new(new NavigationOptions { Mount = Mount, Detections = new DetectionOptions { BirthCount = birth } });

    private static Surroundings See(Navigator navigator, Scene scene, int picture, int people = 2)
    {
        (float[] depth, int[] what) = scene.Render(Views.Camera, Mount);
        return See(navigator, depth, what, picture, people);
    }

    /// <summary>The pictures come ten times a second; what is not a person is background.</summary>
    private static Surroundings See(Navigator navigator, float[] depth, int[] what, int picture, int people = 2)
    {
        float[] sure = [.. Enumerable.Repeat(1f, depth.Length)];
        ushort[] ids = [.. what.Select(w => (ushort)Math.Max(0, w - people + 1))];
        var result = new Surroundings();
        navigator.Update(
            new NavigationInput
            {
                Camera = Views.Camera,
                Mount = Mount,
                Depth = depth,
                Confidence = sure,
                Instances = ids,
                InstanceConfidence = sure,
                InstanceClass = "person",
                MonotonicNs = picture * 100_000_000L,
                UtcNs = picture * 100_000_000L,
            },
            result);
        return result;
    }
}
