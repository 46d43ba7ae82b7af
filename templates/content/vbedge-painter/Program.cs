using System.Globalization;
using System.Reactive.Linq;
using MyPerception;
using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Geometry;
using VisionBanana.Edge.Instructions;
using VisionBanana.Edge.OpenCv.Sources;
using VisionBanana.Edge.Pipeline;

// dotnet run -- SOURCE HFOV_DEGREES HEIGHT_M: paints the first pictures and writes the cloud of the last one.
if (args.Length != 3)
{
    Console.Error.WriteLine("usage: dotnet run -- SOURCE HFOV_DEGREES HEIGHT_M");
    return 2;
}

double[] numbers = [.. args[1..].Select(text => double.Parse(text, CultureInfo.InvariantCulture))];
using ICameraSource camera = CameraSource.Open(args[0], new CameraSourceOptions { HorizontalFovDegrees = numbers[0], Pace = Pace.None });
using var painter = new Painter(SupportPlane.OfAngles(numbers[1]));
await camera.Frames.Perceive(painter, Instruction.MetricDepth()).Take(10).ForEachAsync(frame =>
{
    Console.WriteLine(FormattableString.Invariant($"{frame.SequenceNumber}: {frame.Points[^1].Z:0.00} m in the last pixel"));
    PlyFile.Write("cloud.ply", frame.Points);
});
return 0;
