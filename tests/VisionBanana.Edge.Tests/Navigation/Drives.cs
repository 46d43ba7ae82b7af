using System.Numerics;
using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Navigation;

namespace VisionBanana.Edge.Tests.Navigation;

/// <summary>Drives through rendered rooms, and how far the ranges of a scan are from ray casting on them.</summary>
internal static class Drives
{
    public const int Pictures = 60;
    public const double RateHz = 15;

    /// <summary>Beyond this bearing the corners of the picture see only part of the heights.</summary>
    private const double MostBearing = 0.55;

    private const int Rays = 20;

    /// <summary>A drive is what stands in the way of a robot that goes 1 m/s along x: the world comes towards it. With its mount.</summary>
    public static (string Name, CameraMount Mount, Func<float, Scene> At)[] All { get; } =
    [
        ("box", Robot, d => new Scene { WallAt = 9 - d, Boxes = { (new(5 - d, -0.3f, 0), new(5.4f - d, 0.3f, 0.5f)) } }),
        ("person", Robot, d => new Scene { WallAt = 9 - d, People = { (new Vector2(5 - d, 0.1f), 0.25f, 1.7f) } }),
        ("table edge", Robot, d => new Scene { WallAt = 9 - d, Boxes = { (new(5 - d, -0.6f, 0.70f), new(5.8f - d, 0.6f, 0.74f)) } }),
        ("corridor", Robot, Corridor),
        ("drone in a corridor", Drone, Corridor),
        ("empty", Robot, _ => new Scene()),
    ];

    private static CameraMount Robot => CameraMount.OfBody("base_link", 0, 0, 0.5, UnitQuaternion.FromRpy(0, double.DegreesToRadians(5), 0));

    private static CameraMount Drone =>
        CameraMount.OfBody("base_link", 0, 0, 1.3, UnitQuaternion.FromRpy(double.DegreesToRadians(4), double.DegreesToRadians(-8), 0));

    /// <summary>What is told of every drive.</summary>
    public static NavigationOptions Options(CameraMount mount) => new()
    {
        Mount = mount,
        Zones =
        [
            new ZoneOptions { Name = "stop", Shape = PolygonZone.Box(0.6f, 1.2f, -0.4f, 0.4f) },
            new ZoneOptions { Name = "slow", Shape = PolygonZone.Box(0.6f, 2.5f, -0.6f, 0.6f) },
        ],
    };

    /// <summary>True when something stands in the stop zone.</summary>
    public static bool ShouldStop(Scene scene, CameraMount mount) => Enumerable.Range(-20, 41).Any(
        y => scene.RangeAt(mount, Math.Atan2(y * 0.02, 1.2), 0.1, 2, 1.4) * Math.Cos(Math.Atan2(y * 0.02, 1.2)) is >= 0.55 and < 1.25);

    /// <summary>
    /// Holds every range of a scan against rays cast all over its direction. A range is the nearest thing in its direction, so that it is held against the
    /// nearest hit; and no range may lie beside all hits of its direction, seen through pixels that reach half a pixel beyond it.
    /// </summary>
    /// <param name="scan">The scan.</param>
    /// <param name="scene">What is there.</param>
    /// <param name="mount">Where the camera is.</param>
    /// <param name="pixel">Radians between two pixels in the middle of the picture.</param>
    /// <param name="errors">Is added to.</param>
    public static void Compare(ObstacleScan scan, Scene scene, CameraMount mount, double pixel, RangeErrors errors)
    {
        double half = scan.AngleIncrement / 2.0, wide = half + (pixel / 2);
        for (int k = 0; k < scan.Ranges.Length; k++)
        {
            double bearing = scan.BearingOf(k);
            if (Math.Abs(bearing) > MostBearing)
            {
                continue;
            }

            (double nearest, double near, double far) = (double.PositiveInfinity, double.PositiveInfinity, 0);
            for (int i = -Rays; i <= Rays; i++)
            {
                double off = wide * i / Rays, hit = scene.RangeAt(mount, bearing + off, 0.1, 2, scan.RangeMaxM);
                (near, far) = (Math.Min(near, hit), Math.Max(far, hit));
                nearest = Math.Abs(off) <= half ? Math.Min(nearest, hit) : nearest;
            }

            errors.Add(scan.Ranges[k], nearest, near, far);
        }
    }

    private static Scene Corridor(float d) => new()
    {
        WallAt = 9 - d,
        Boxes = { (new(-1, 1, 0), new(9, 1.2f, 2.5f)), (new(-1, -1.2f, 0), new(9, -1, 2.5f)) },
    };
}
