using System.Diagnostics;
using System.Globalization;
using VisionBanana.Edge.Calibration;
using VisionBanana.Edge.Imaging;
using VisionBanana.Edge.Instructions;
using VisionBanana.Edge.Onnx.Models;
using VisionBanana.Edge.Onnx.Painting;
using VisionBanana.Edge.Perception;
using VisionBanana.Edge.Pipeline;

namespace VisionBanana.Edge.Samples;

/// <summary>A camera of one's own: raw pictures from the pipe of another program, here FFmpeg. own-source CLIP.</summary>
internal static class OwnSource
{
    public static async Task RunAsync(string[] args)
    {
        #region readme
        string[] words = ["-loglevel", "error", "-i", args[0], "-vf", "scale=320:240", "-f", "rawvideo", "-pix_fmt", "bgr24", "-"];
        using Process program = Process.Start(new ProcessStartInfo("ffmpeg", words) { RedirectStandardOutput = true })!;
        Stream pipe = program.StandardOutput.BaseStream;
        using var camera = new PictureSource(320, 240, PixelFormat.Bgr8, pixels => pipe.ReadAtLeast(pixels, pixels.Length, false) == pixels.Length)
        {
            Intrinsics = CameraIntrinsics.FromHorizontalFov(320, 240, 60),
            IsLive = false,   // a camera says true: pictures that nobody has room for are lost, and counted
        };
        #endregion
        using var painter = OnnxPainter.Load(ModelPackage.Open("models/painter-s"));
        await using var pipeline = new PerceptionPipeline(new PipelineParts
        {
            Source = camera,
            Painter = painter,
            MaxFrames = 20,
            Instructions = [new ScheduledInstruction(Instruction.MetricDepth())],
            PerceptSinks = [new PerceptSink("print", frame => Console.WriteLine($"{frame.SequenceNumber}: {Centre(frame)} m"))],
        });
        await pipeline.RunAsync(CancellationToken.None);
        program.Kill();
    }

    private static string Centre(PerceptionFrame frame) =>
        frame.Find(PerceptKind.Depth)!.Depth[(frame.Height / 2 * frame.Width) + (frame.Width / 2)].ToString("0.00", CultureInfo.InvariantCulture);
}
