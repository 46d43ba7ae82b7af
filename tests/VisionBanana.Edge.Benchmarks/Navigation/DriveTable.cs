using System.Diagnostics;
using System.Numerics;
using VisionBanana.Edge.Autopilot;
using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Instructions;
using VisionBanana.Edge.Mavlink;
using VisionBanana.Edge.Messages;
using VisionBanana.Edge.Navigation;
using VisionBanana.Edge.Perception;
using VisionBanana.Edge.Tests.Navigation;
using VisionBanana.Edge.Tests.Shared;

namespace VisionBanana.Edge.Benchmarks.Navigation;

/// <summary>What the surroundings cost per picture, and how far their ranges are from ray casting on drives through rendered rooms.</summary>
internal static class DriveTable
{
    private const int Pictures = 60;
    private const double RateHz = 15;

    private static readonly CameraMount Mount = CameraMount.OfBody("base_link", 0, 0, 0.5, UnitQuaternion.FromRpy(0, double.DegreesToRadians(5), 0));

    private static readonly NavigationOptions Options = new()
    {
        Mount = Mount,
        Zones =
        [
            new ZoneOptions { Name = "stop", Shape = PolygonZone.Box(0.6f, 1.2f, -0.4f, 0.4f) },
            new ZoneOptions { Name = "slow", Shape = PolygonZone.Box(0.6f, 2.5f, -0.6f, 0.6f) },
        ],
    };

    /// <summary>A drive is what stands in the way of a robot that goes 1 m/s along x: the world comes towards it.</summary>
    private static readonly (string Name, Func<float, Scene> At)[] Drives =
    [
        ("box", d => new Scene { WallAt = 9 - d, Boxes = { (new(5 - d, -0.3f, 0), new(5.4f - d, 0.3f, 0.5f)) } }),
        ("person", d => new Scene { WallAt = 9 - d, People = { (new Vector2(5 - d, 0.1f), 0.25f, 1.7f) } }),
        ("table edge", d => new Scene { WallAt = 9 - d, Boxes = { (new(5 - d, -0.6f, 0.70f), new(5.8f - d, 0.6f, 0.74f)) } }),
        ("corridor", d => new Scene { WallAt = 9 - d, Boxes = { (new(-1, 1, 0), new(9, 1.2f, 2.5f)), (new(-1, -1.2f, 0), new(9, -1, 2.5f)) } }),
        ("empty", _ => new Scene()),
    ];

    public static int Run()
    {
        foreach ((int width, int height) in new[] { (192, 144), (640, 480) })
        {
            Cost(width, height);
        }

        Console.WriteLine();
        Console.WriteLine("true depth, 192x144, floor from the mount | ranges | worst error | beyond 1 % or 1 cm | missed | false stops/min");
        foreach ((string name, Func<float, Scene> at) in Drives)
        {
            Drive(name, at);
        }

        return 0;
    }

    private static void Cost(int width, int height)
    {
        var camera = CameraIntrinsics.FromHorizontalFov(width, height, 70);
        PerceptionFrame.CreatePool(1, width, height).TryRent(out PerceptionFrame? frame);
        Fill(frame!, camera, Drives[1].At(2));
        var navigator = new Navigator(Options);
        var streams = new StreamOptions { Color = null, Painting = null, Depth = null, Cloud = null, Labels = null, Instances = null, Normals = null };
        var encoder = new MessageEncoder(streams, new MarkedImageEncoder());
        var distances = new ObstacleDistances(Mount);
        var writer = new MavlinkWriter(1, 196);
        var times = new List<double>(200);
        long before = 0;
        for (int i = 0; i < 300; i++)
        {
            before = i == 100 ? GC.GetAllocatedBytesForCurrentThread() : before;
            long start = Stopwatch.GetTimestamp();
            navigator.Update(PictureNavigation.InputOf(frame!, Mount), frame!.AddSurroundings());
            encoder.TryEncode(frame, out EncodedFrame? encoded);
            distances.Take(frame.Surroundings!.Scan!);
            writer.Obstacles(0, distances.Distances, distances.MinCm, distances.MaxCm, distances.FirstDegrees, distances.IncrementDegrees);
            double ms = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            encoded!.Dispose();
            if (i >= 100)
            {
                times.Add(ms);
            }
        }

        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        times.Sort();
        Console.WriteLine(
            $"{width}x{height}: scan, 2 zones, messages: median {times[100]:0.000} ms, best {times[0]:0.000} ms, {allocated / 200.0:0} B a picture");
    }

    private static void Drive(string name, Func<float, Scene> at)
    {
        var camera = CameraIntrinsics.FromHorizontalFov(192, 144, 70);
        var navigator = new Navigator(Options);
        PerceptionFrame.CreatePool(1, 192, 144).TryRent(out PerceptionFrame? frame);
        int ranges = 0, wrong = 0, missed = 0, falseStops = 0;
        double worst = 0;
        for (int i = 0; i < Pictures; i++)
        {
            Scene scene = at((float)(i / RateHz));
            Fill(frame!, camera, scene, i);
            navigator.Update(PictureNavigation.InputOf(frame!, Mount), frame!.AddSurroundings());
            ObstacleScan scan = frame.Surroundings!.Scan!;
            for (int k = 0; k < scan.Ranges.Length; k++)
            {
                double bearing = scan.AngleMin + (k * scan.AngleIncrement), half = scan.AngleIncrement / 2;
                double[] truth = [.. new[] { -1.4, -0.7, 0, 0.7, 1.4 }.Select(s => scene.RangeAt(Mount, bearing + (s * half), 0.1, 2, scan.RangeMaxM))];
                if (Math.Abs(bearing) > 0.55 || truth.Max() - truth.Min() > 0.2)
                {
                    continue;
                }

                ranges++;
                double expected = truth[2], error = Math.Abs(scan.Ranges[k] - expected);
                missed += double.IsFinite(expected) && !float.IsFinite(scan.Ranges[k]) ? 1 : 0;
                bool good = double.IsPositiveInfinity(expected) ? !float.IsFinite(scan.Ranges[k]) : error <= Math.Max(0.01, 0.01 * expected);
                wrong += good ? 0 : 1;
                worst = double.IsFinite(error) ? Math.Max(worst, error) : worst;
            }

            bool stops = frame.Surroundings.Zones[0].State == ZoneState.Occupied, should = Enumerable.Range(-20, 41).Any(
                y => scene.RangeAt(Mount, Math.Atan2(y * 0.02, 1), 0.1, 2, 1.4) < 1.4);
            falseStops += stops && !should ? 1 : 0;
        }

        Console.WriteLine($"{name,-12} | {ranges} | {worst * 100:0.0} cm | {wrong} | {missed} | {falseStops / (Pictures / RateHz / 60):0}");
    }

    private static void Fill(PerceptionFrame frame, CameraIntrinsics camera, Scene scene, int picture = 0)
    {
        Percept depth = frame.Find(PerceptKind.Depth) ?? frame.Add(Instruction.MetricDepth());
        scene.Render(camera, Mount).Depth.CopyTo(depth.Depth);
        depth.Confidence.Fill(1);
        long ns = (long)(picture * 1e9 / RateHz);
        (frame.Intrinsics, frame.CapturedAt, frame.FrameId) = (camera, new CaptureTime(ns, ns), "camera_optical");
    }
}
