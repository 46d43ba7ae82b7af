using System.Globalization;
using VisionBanana.Edge.Diagnostics;
using VisionBanana.Edge.Instructions;
using VisionBanana.Edge.Messages;
using VisionBanana.Edge.Onnx.Models;
using VisionBanana.Edge.Onnx.Painting;
using VisionBanana.Edge.OpenCv.Pictures;
using VisionBanana.Edge.OpenCv.Sources;
using VisionBanana.Edge.Perception;
using VisionBanana.Edge.Pipeline;

namespace VisionBanana.Edge.Samples;

/// <summary>A transport of one's own, here files of CDR: own-transport CLIP FOLDER FRAMES.</summary>
internal static class OwnTransport
{
    public static async Task RunAsync(string[] args)
    {
        using ICameraSource camera = CameraSource.Open(args[0], new CameraSourceOptions { HorizontalFovDegrees = 60, Pace = Pace.None });
        using var painter = OnnxPainter.Load(ModelPackage.Open("models/painter-s"));
        await using var pipeline = new PerceptionPipeline(new PipelineParts
        {
            Source = camera,
            Painter = painter,
            MaxFrames = int.Parse(args[2], CultureInfo.InvariantCulture),
            Instructions = [new ScheduledInstruction(Instruction.MetricDepth())],
            Images = new OpenCvImageEncoder(),
            Transports = [new FileTransport(args[1])],
        });
        await pipeline.RunAsync(CancellationToken.None);
        Console.WriteLine(pipeline.Report().Sinks[0]);
    }

    #region readme
    /// <summary>One file per message. It has a queue and a worker of its own: what is slow here costs its own pictures only.</summary>
    private sealed class FileTransport(string folder) : IMessageTransport
    {
        public string Name => "files";

        public string State => folder;

        public Task StartAsync(CancellationToken cancellationToken) => Task.FromResult(Directory.CreateDirectory(folder));

        public async ValueTask<DropReason?> SendAsync(WireMessage message, CancellationToken cancellationToken)
        {
            string path = Path.Combine(folder, FormattableString.Invariant($"{message.SequenceNumber:000000}.{message.Stream}.cdr"));
            await File.WriteAllBytesAsync(path, message.Payload, cancellationToken);   // the payload is borrowed until this returns
            return null;   // or the reason why it was not sent: it is counted
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
    #endregion
}
