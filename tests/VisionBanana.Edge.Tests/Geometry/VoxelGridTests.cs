using FsCheck.Xunit;
using VisionBanana.Edge.Geometry;

namespace VisionBanana.Edge.Tests.Geometry;

public sealed class VoxelGridTests
{
    [Fact]
    public void Reduce_TwoCubes_CentroidsMeansAndTheLabelOfTheMostConfident()
    {
        CloudPoint[] points =
        [
            new() { X = 0.01f, Y = 0.02f, Z = 1.01f, Rgb = 0x00102030, Confidence = 0.25f, Label = 4 },
            new() { X = float.NaN, Y = float.NaN, Z = float.NaN },
            new() { X = -0.01f, Y = 0.02f, Z = 1.01f, Rgb = 0x00FFFFFF, Confidence = 1, Label = 9 },
            new() { X = 0.03f, Y = 0.04f, Z = 1.03f, Rgb = 0x00302010, Confidence = 0.75f, Label = 5 },
        ];
        var reduced = new CloudPoint[4];
        Assert.Equal(2, new VoxelGrid(0.1).Reduce(points, reduced));
        Assert.Equal((0.02, 0.03, 1.02), (Math.Round(reduced[0].X, 6), Math.Round(reduced[0].Y, 6), Math.Round(reduced[0].Z, 6)));
        Assert.Equal((0x00202020u, 0.5f, (ushort)5), (reduced[0].Rgb, reduced[0].Confidence, reduced[0].Label));
        Assert.Equal((-0.01f, 0x00FFFFFFu, (ushort)9), (reduced[1].X, reduced[1].Rgb, reduced[1].Label));
    }

    [Property(MaxTest = 100)]
    public void Reduce_AnyCloud_OnePointPerOccupiedCube(int seed)
    {
        const float Size = 0.25f;
        var random = new Random(seed);
        var points = new CloudPoint[random.Next(3000)];
        foreach (ref CloudPoint point in points.AsSpan())
        {
            point.X = random.Next(20) == 0 ? float.NaN : (random.NextSingle() * 6) - 3;
            point.Y = (random.NextSingle() * 6) - 3;
            point.Z = random.NextSingle() * 3;
        }

        (int X, int Y, int Z)[] cubes = [.. points.Where(PointCloud.IsFinite).Select(Cube).Distinct()];
        var reduced = new CloudPoint[points.Length];
        int count = new VoxelGrid(Size).Reduce(points, reduced);
        Assert.Equal(cubes, reduced.Take(count).Select(Cube));

        // In place, with a grid that was used before.
        var grid = new VoxelGrid(Size);
        grid.Reduce(points, new CloudPoint[points.Length]);
        Assert.Equal(count, grid.Reduce(points, points));
        Assert.Equal(reduced.Take(count), points.Take(count));

        static (int X, int Y, int Z) Cube(CloudPoint p) => ((int)MathF.Floor(p.X / Size), (int)MathF.Floor(p.Y / Size), (int)MathF.Floor(p.Z / Size));
    }

    [Fact]
    public void Reduce_FartherThanAMillionCubes_LeftOut()
    {
        CloudPoint[] points = [new() { X = 2000, Z = 1 }, new() { X = float.PositiveInfinity, Z = 1 }, new() { X = 1000, Z = 1 }];
        Assert.Equal(1, new VoxelGrid(0.001).Reduce(points, points));
        Assert.Equal(1000f, points[0].X);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Construct_NoSize_Refused(double size) => Assert.Throws<ConfigurationException>(() => new VoxelGrid(size));
}
