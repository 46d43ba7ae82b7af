using System.Globalization;
using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Instructions;
using VisionBanana.Edge.Onnx.Models;
using VisionBanana.Edge.Onnx.Painting;
using VisionBanana.Edge.OpenCv.Sources;
using VisionBanana.Edge.Perception;
using VisionBanana.Edge.Pipeline;

// dotnet run -- SOURCE HFOV_DEGREES: a video, picture, folder, /dev/video0 or URL, and its horizontal field of view.
if (args.Length != 2)
{
    Console.Error.WriteLine("usage: dotnet run -- SOURCE HFOV_DEGREES");
    return 2;
}

var options = new CameraSourceOptions { HorizontalFovDegrees = double.Parse(args[1], CultureInfo.InvariantCulture), Pace = Pace.None };
using ICameraSource camera = CameraSource.Open(args[0], options);
using var painter = OnnxPainter.Load(ModelPackage.Open("painter-s"));
await using var pipeline = new PerceptionPipeline(new PipelineParts
{
    Source = camera,
    Painter = painter,
    Instructions = [new ScheduledInstruction(Instruction.MetricDepth()), new ScheduledInstruction(Instruction.Semantic(painter.Description.Classes), 3)],
    PerceptSinks = [new PerceptSink("print", Print)],
});
using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, e) =>
{
    e.Cancel = true;
    stop.Cancel();
};
await pipeline.RunAsync(stop.Token);
return 0;

// A frame is borrowed until this returns: frame.Retain() keeps it, until it is disposed.
static void Print(PerceptionFrame frame)
{
    int centre = (frame.Height / 2 * frame.Width) + (frame.Width / 2);
    string label = frame.Find(PerceptKind.Labels) is { } labels ? $", {labels.Instruction.NameOf(labels.Labels[centre])}" : "";
    Console.WriteLine(FormattableString.Invariant($"{frame.SequenceNumber}: {frame.Find(PerceptKind.Depth)!.Depth[centre]:0.00} m in the centre{label}"));
}
