#region readme
using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Instructions;
using VisionBanana.Edge.Onnx.Models;
using VisionBanana.Edge.Onnx.Painting;
using VisionBanana.Edge.Perception;
using VisionBanana.Edge.Pipeline;

int count = 0;
using var camera = new PictureSource(320, 240, PixelFormat.Bgr8, pixels => { pixels.Fill((byte)count); return count++ < 10; })
{
    Intrinsics = CameraIntrinsics.FromHorizontalFov(320, 240, 60),
    IsLive = false,
};
using var painter = OnnxPainter.Load(ModelPackage.Open("models/painter-s"));
await using var pipeline = new PerceptionPipeline(new PipelineParts
{
    Source = camera,
    Painter = painter,
    Instructions = [new ScheduledInstruction(Instruction.MetricDepth())],
    PerceptSinks = [new PerceptSink("mine", frame => Console.WriteLine($"{frame.SequenceNumber}: {frame.Find(PerceptKind.Depth)!.Depth[0]:0.00} m"))],
});
await pipeline.RunAsync(CancellationToken.None);
#endregion
