using System.Numerics;
using FsCheck.Xunit;
using VisionBanana.Edge.Geometry;

namespace VisionBanana.Edge.Tests.Geometry;

public sealed class PlaneFitTests
{
    private static readonly Vector3 Up = -Vector3.UnitY;

    [Property(MaxTest = 60)]
    public void Find_PlaneAmongOutliers_IsFoundAtAnyTilt(int seed)
    {
        var random = new Random(seed);
        var normal = Vector3.Normalize(new Vector3((random.NextSingle() - 0.5f) * 0.8f, -1, (random.NextSingle() - 0.5f) * 0.8f));
        float height = 0.3f + (2 * random.NextSingle());
        Vector3[] points = [.. Plane(random, normal, height, 300, 0.004f), .. Things(random, normal, height, 200)];

        FittedPlane found = new PlaneFit().Find(points, Up, 45)!.Value;

        Assert.True(Vector3.Dot(found.Normal, normal) > MathF.Cos(float.DegreesToRadians(0.5f)), $"{found} is not {normal}");
        Assert.Equal(height, found.Offset, 0.02 * height);
        Assert.InRange(found.Share, 0.5f, 1);
        Assert.InRange(found.Residual, 0, 0.7f);
    }

    [Fact]
    public void Find_TableAboveTheFloor_IsTheFloorWhereNothingMayBeBehind()
    {
        var random = new Random(3);
        Vector3[] points = [.. Plane(random, Up, 1.2f, 200, 0.002f), .. Plane(random, Up, 0.5f, 300, 0.002f)];

        Assert.Equal(1.2f, new PlaneFit().Find(points, Up, 30)!.Value.Offset, 0.01f);
        Assert.Equal(0.5f, new PlaneFit { NothingBehind = false }.Find(points, Up, 30)!.Value.Offset, 0.01f);
    }

    [Fact]
    public void Find_NoPlaneNearTheDirection_IsNull()
    {
        var random = new Random(4);
        Vector3[] wall = [.. Plane(random, Up, 1, 300, 0.002f).Select(p => new Vector3(p.X, p.Z, p.Y + 3))];

        Assert.Null(new PlaneFit().Find(wall, Up, 30));
        Assert.Null(new PlaneFit().Find(wall.AsSpan(0, 7), Up, 180));
        Assert.NotNull(new PlaneFit { NothingBehind = false }.Find(wall, Vector3.UnitZ, 5));
    }

    [Fact]
    public void Find_Repeated_AllocatesNothing()
    {
        Vector3[] points = [.. Plane(new Random(5), Up, 1, 300, 0.002f)];
        var fit = new PlaneFit();
        fit.Find(points, Up, 30);
        long before = GC.GetAllocatedBytesForCurrentThread();
        FittedPlane? again = fit.Find(points, Up, 30);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.NotNull(again);
    }

    private static IEnumerable<Vector3> Plane(Random random, Vector3 normal, float height, int count, float noise)
    {
        for (int i = 0; i < count; i++)
        {
            var ray = new Vector3((random.NextSingle() - 0.5f) * 1.2f, 0.3f + (0.5f * random.NextSingle()), 1);
            float z = -height / Vector3.Dot(normal, ray);
            if (z is > 0 and < 20)
            {
                yield return ray * z * (1 + ((random.NextSingle() - 0.5f) * 2 * noise));
            }
        }
    }

    /// <summary>Points anywhere above the plane.</summary>
    private static IEnumerable<Vector3> Things(Random random, Vector3 normal, float height, int count) => Plane(random, normal, height, count, 0)
        .Select(p => p + (normal * ((0.1f + random.NextSingle()) * height)));
}
