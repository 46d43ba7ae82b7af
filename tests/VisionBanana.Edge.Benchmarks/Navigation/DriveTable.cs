using System.Diagnostics;
using VisionBanana.Edge.Autopilot;
using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Instructions;
using VisionBanana.Edge.Mavlink;
using VisionBanana.Edge.Messages;
using VisionBanana.Edge.Navigation;
using VisionBanana.Edge.Onnx.Models;
using VisionBanana.Edge.Onnx.Painting;
using VisionBanana.Edge.Perception;
using VisionBanana.Edge.Tests.Navigation;
using VisionBanana.Edge.Tests.Shared;

namespace VisionBanana.Edge.Benchmarks.Navigation;

/// <summary>What the surroundings cost per picture, and how far their ranges are from ray casting on drives through rendered rooms.</summary>
internal static class DriveTable
{
    private static CameraMount Mount => Drives.All[0].Mount;

    /// <summary>Prints the tables; with a model the painter drives too.</summary>
    public static async Task<int> RunAsync(string[] arguments)
    {
        foreach ((int width, int height) in new[] { (192, 144), (640, 480) })
        {
            Cost(width, height);
        }

        Console.WriteLine();
        Console.WriteLine("true depth, 192x144, floor from the mount, against rays cast all over each direction:");
        Console.WriteLine(RangeHead);
        foreach (var drive in Drives.All)
        {
            Drive(drive.Name, drive.Mount, drive.At, null);
        }

        foreach (string model in arguments)
        {
            await PaintedAsync(model).ConfigureAwait(false);
        }

        return 0;
    }

    private static void Cost(int width, int height)
    {
        var camera = CameraIntrinsics.FromHorizontalFov(width, height, 70);
        PerceptionFrame.CreatePool(1, width, height).TryRent(out PerceptionFrame? frame);
        Fill(frame!, camera, Drives.All[1].At(2), Mount);
        var navigator = new Navigator(Drives.Options(Mount));
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

    private static async Task PaintedAsync(string model)
    {
        Console.WriteLine();
        Console.WriteLine($"{model} on pictures of the same drives, the mount known:");
        Console.WriteLine(RangeHead);
        using var painter = OnnxPainter.Load(ModelPackage.Open(model));
        foreach (var drive in Drives.All)
        {
            Drive(drive.Name, drive.Mount, drive.At, painter);
        }

        await ZoneLatency.PrintAsync(painter).ConfigureAwait(false);
    }

    private static void Drive(string name, CameraMount mount, Func<float, Scene> at, OnnxPainter? painter)
    {
        var camera = CameraIntrinsics.FromHorizontalFov(192, 144, painter?.Description.HorizontalFovDegrees ?? 70);
        var navigator = new Navigator(Drives.Options(mount));
        LeasePool<PerceptionFrame> pool = PerceptionFrame.CreatePool(1, 192, 144);
        var errors = new RangeErrors();
        int falseStops = 0, missedStops = 0, stops = 0;
        for (int i = 0; i < Drives.Pictures; i++)
        {
            Scene scene = at((float)(i / Drives.RateHz));
            pool.TryRent(out PerceptionFrame? frame);
            using PerceptionFrame picture = frame!;
            if (painter is null)
            {
                Fill(picture, camera, scene, mount, i);
            }
            else
            {
                Paint(picture, camera, scene, mount, i, painter);
            }

            navigator.Update(PictureNavigation.InputOf(picture, mount), picture.AddSurroundings());
            Drives.Compare(picture.Surroundings!.Scan!, scene, mount, 0.0073, errors);
            bool isStop = picture.Surroundings.Zones[0].State == ZoneState.Occupied, should = Drives.ShouldStop(scene, mount);
            falseStops += isStop && !should ? 1 : 0;
            missedStops += should && !isStop ? 1 : 0;
            stops += should ? 1 : 0;
        }

        double minutes = Drives.Pictures / Drives.RateHz / 60;
        Console.WriteLine(FormattableString.Invariant(
            $"| {name} | {errors.Ranges} | {errors.MedianShare:P1} | {errors.BeyondNearest} | {errors.OutsideAll} | {errors.Missed} | {errors.False} ")
            + FormattableString.Invariant($"| {falseStops / minutes:0} | {missedStops} of {stops} |"));
    }

    private const string RangeHead =
        "| drive | ranges | median error | beyond 1 % or 1 cm of the nearest hit | of any hit | missed | nothing there | pictures with a false stop per minute "
        + "| pictures without a stop that was due |\n|---|---:|---:|---:|---:|---:|---:|---:|---:|";

    private static void Fill(PerceptionFrame frame, CameraIntrinsics camera, Scene scene, CameraMount mount, int picture = 0)
    {
        Percept depth = frame.Find(PerceptKind.Depth) ?? frame.Add(Instruction.MetricDepth());
        scene.Render(camera, mount).Depth.CopyTo(depth.Depth);
        depth.Confidence.Fill(1);
        Stamp(frame, camera, picture);
    }

    private static void Paint(PerceptionFrame frame, CameraIntrinsics camera, Scene scene, CameraMount mount, int picture, OnnxPainter painter)
    {
        DrivePictures.Paint(scene, camera, mount, frame.ColorBytes);
        frame.HasSource.Fill(true);
        frame.Support = SupportPlane.Of(mount);
        Stamp(frame, camera, picture);
        painter.Paint(frame, [Instruction.MetricDepth()], CancellationToken.None);
        new PerceptDecoder().Decode(frame, frame.Find(PerceptKind.Depth)!);
    }

    private static void Stamp(PerceptionFrame frame, CameraIntrinsics camera, int picture)
    {
        long ns = (long)(picture * 1e9 / Drives.RateHz);
        (frame.Intrinsics, frame.CapturedAt, frame.FrameId) = (camera, new CaptureTime(ns, ns), "camera_optical");
    }
}
